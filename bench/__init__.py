"""Measurements that the project keeps: how fast the line is beside its peers, and what it costs as it grows.

``bench/run`` runs them; ``docs/performance.md`` holds results and says how to read them. Everything here reports
medians of interleaved pairs and ratios, because absolute figures of a shared machine mean little.
"""
