"""How the figures were worked out, in plain words, and the words that need explaining."""

from __future__ import annotations

from wardcast.pack.assessment.blocks import Part
from wardcast_models.profile.excess import TIMES_EXPECTED
from wardcast_models.profile.false_discovery import LEVEL

TERMS = (
    (
        "Clear, or could be chance",
        "A change, trend or hotspot is called clear only if chance alone would hardly make one so large among all "
        "those looked at. Everything else could be chance. That does not mean that nothing happened: with small counts "
        "a real change can hide.",
    ),
    (
        "Possible, not clear",
        "By itself the change is more than chance would do: its range leaves out no change. But among so many figures "
        "looked at some look so by luck, and this one does not stand out enough to be called clear.",
    ),
    (
        "Range (95% interval)",
        "If the same year could be lived through many times, the true change would lie within such ranges 19 times out "
        "of 20. Small counts give wide ranges.",
    ),
    (
        "p-value",
        "How often chance alone would give a difference at least as large. Small values speak against chance. The "
        "spreadsheet has it for each figure.",
    ),
    (
        "q-value (false discovery)",
        "Who looks at hundreds of figures finds some large differences by luck. The q-value allows for that: of all "
        f"the findings with a q-value of up to {LEVEL:g}, about {LEVEL:.0%} at most are expected to be luck. Only "
        "those are called clear.",
    ),
    (
        "Rate per 1,000 residents",
        "Counts for each 1,000 people who live there, in twelve months. It misleads where many people come from "
        "elsewhere, such as town centres and stations.",
    ),
    (
        "Hotspot with its neighbours (Getis-Ord Gi*)",
        "A place which, together with its neighbours, has more than chance would bring there. What is expected goes by "
        "residents where they are known.",
    ),
    (
        "Stands out by itself",
        f"A place that by its own count clearly has more than {TIMES_EXPECTED:g} times what is expected of it, "
        "whatever its neighbours have. What is expected is its share of the residents, or an even share where they "
        "are not known. The place’s own count stays in the total that is shared out, so the figure is rather too low "
        "than too high. A small area’s count is taken to vary as much as its ward’s.",
    ),
    (
        "Clustering (Moran’s I, nearest neighbours)",
        "Whether places with much lie beside others with much, more than if all were shuffled.",
    ),
    (
        "Small area (LSOA)",
        "A part of a ward with about 1,500 residents. Map points of data.police.uk are moved to the nearest anonymous "
        "point before they are published, so they show streets, not addresses.",
    ),
    (
        "Unlocated",
        "Crime that was recorded for the borough but for no ward. It is counted apart and never shared out.",
    ),
    (
        "Proxy",
        "A figure that stands in for one that is not published. It moves with it, but is not the same.",
    ),
    (
        "Harm, days (Cambridge Crime Harm Index)",
        "Each crime counts as the days in prison that sentencing guidelines start from for it. It says nothing about "
        "how long anyone will be in prison.",
    ),
)
"""Term and explanation."""


def method_part() -> Part:
    """Tell how the statistics were done.

    Returns:
        The part.
    """
    return Part(
        title="How the figures were worked out",
        key="method",
        bullets=(
            "Counts are added up by ward and month from the files. A month that a file does not cover stays unknown; "
            "it is not counted as zero.",
            "Crime varies more from month to month than pure chance would make it, and high months follow high "
            "months. The ranges allow for both.",
            "Many figures were looked at. So that luck is not taken for news, findings are judged together, and at "
            f"most about {LEVEL:.0%} of those called clear are expected to be luck (Benjamini and Hochberg, 1995).",
            "A trend is worked out over several years with the seasons taken out.",
            "What is emerging is judged against each place’s own past, not against other places.",
            "Recorded crime is not all crime. What is not reported is not in it, and what is reported changes with "
            "trust, with campaigns and with the way the police record.",
        ),
    )


def glossary_part() -> Part:
    """Explain the words.

    Returns:
        The part.
    """
    return Part(title="Words used", key="words", terms=TERMS)
