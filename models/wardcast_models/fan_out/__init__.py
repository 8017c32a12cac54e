"""The same function over many items, on the cores of this machine or on a Dask cluster.

How to use it:

    from wardcast_models.fan_out import FanOut

    def score_origin(panel: Panel, origin: pd.Timestamp) -> pd.DataFrame: ...  # at the top of an importable module

    frames = FanOut().map(score_origin, origins, shared=panel, progress=progress)  # in the order of `origins`

- What is large and the same for every item is `shared`: it is sent once to each worker and kept there. Items and
  results travel once each, so keep them small: names, dates, a slice's bounds; a frame of results.
- `function(shared, item)` has to give the same result wherever and whenever it runs: seeds come from the item, nothing
  global is changed, and neither is `shared`. An item whose worker is lost runs again.
- Every item runs with one thread of the numeric libraries, whatever the backend.
- Make the items about even in size and longer than some 10 ms; put the longest first. Progress is told, and an
  interruption noticed, as items finish.
- A fan-out inside an item runs in place: only the outermost one spreads out.
"""

from wardcast_models.fan_out.fan_out import Backend, FanOut

__all__ = ["Backend", "FanOut"]
