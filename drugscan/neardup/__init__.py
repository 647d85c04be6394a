"""Near-duplicates: texts that differ in little, such as a price, a date, a contact or a line more."""

from drugscan.neardup.cluster import Clusters, cluster_sketches
from drugscan.neardup.clusterer import Clusterer
from drugscan.neardup.dedupe import NO_TEXT_ID, Deduplicated, Deduplicator, dedupe, explain_pair
from drugscan.neardup.groups import GroupSummary
from drugscan.neardup.sketch import Sketches, jaccard, sketch_texts

__all__ = [
    "NO_TEXT_ID",
    "Clusterer",
    "Clusters",
    "Deduplicated",
    "Deduplicator",
    "GroupSummary",
    "Sketches",
    "cluster_sketches",
    "dedupe",
    "explain_pair",
    "jaccard",
    "sketch_texts",
]
