"""The same derivation on partitions of whole patients: in this process, or on a Spark cluster that exists."""
