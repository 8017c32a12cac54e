"""The allocation benchmark: building and solving programmes, beside the same programmes as HiGHS matrices."""
