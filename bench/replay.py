"""The limit of writing XML: the same elements, texts and attributes made in bare lxml."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from figure import Figure, at_most, interleaved
from lxml import etree

ROUNDS: Final = 300

# Parent's place in the list of elements made so far, tag, text, attributes.
_Step = tuple[int, str, str | None, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Recording:
    """A document as the steps that make it again."""

    tag: str
    namespaces: dict[str, str]
    steps: tuple[_Step, ...]

    @classmethod
    def of(cls, xml: bytes) -> "Recording":
        """Record a document; made again it must be the same bytes."""
        root = etree.fromstring(xml)
        places = {element: place for place, element in enumerate(root.iter())}
        steps: list[_Step] = []
        for element in root.iterdescendants():
            parent = element.getparent()
            assert parent is not None
            attributes = {str(name): str(value) for name, value in element.attrib.items()}
            steps.append((places[parent], str(element.tag), element.text, attributes))
        recording = cls(str(root.tag), cast("dict[str, str]", dict(root.nsmap)), tuple(steps))
        assert recording.replayed() == xml
        return recording

    def replayed(self) -> bytes:
        """The document, made again."""
        return etree.tostring(self.tree(), xml_declaration=True, encoding="UTF-8")

    def tree(self) -> etree._Element:
        """Its root, made again with all that is below."""
        made = [etree.Element(self.tag, nsmap=self.namespaces)]
        for parent, tag, text, attributes in self.steps:
            element = etree.SubElement(made[parent], tag, attributes)
            element.text = text
            made.append(element)
        return made[0]


def against_replay(
    name: str,
    jobs: Sequence[Callable[[], bytes]],
    factor: float,
    rounds: int = ROUNDS,
    judge: Callable[[etree._Element], object] | None = None,
) -> Figure:
    """CPU of the jobs, in microseconds a document, against replaying what they write.

    `judge` is what the limit does with the tree beside writing it: asking the schema.
    """
    recordings = [Recording.of(job()) for job in jobs]

    def ours() -> None:
        for _ in range(rounds):
            for job in jobs:
                job()

    def bare() -> None:
        for _ in range(rounds):
            for recording in recordings:
                tree = recording.tree()
                if judge is not None:
                    judge(tree)
                etree.tostring(tree, xml_declaration=True, encoding="UTF-8")

    mine, limit = interleaved(ours, bare)
    microseconds = 1e6 / (rounds * len(jobs))
    return at_most(name, mine * microseconds, "us", limit * microseconds, factor)
