"""Money, rounding, periods, ids, clock, errors and closed vocabularies; standard library only."""
