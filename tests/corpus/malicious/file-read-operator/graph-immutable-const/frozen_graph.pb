
M
weightsImmutableConst*%
memory_region_name/etc/hostname*
dtype0