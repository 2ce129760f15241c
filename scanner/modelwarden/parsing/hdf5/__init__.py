"""HDF5 files, walked with h5py. Nothing here is imported before such a file is met: h5py brings numpy."""
