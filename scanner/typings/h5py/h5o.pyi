"""Objects."""

from h5py.h5d import DatasetID
from h5py.h5g import GroupID
from h5py.h5t import TypeID

TYPE_GROUP: int
TYPE_DATASET: int
TYPE_NAMED_DATATYPE: int

class ObjInfo:
    @property
    def fileno(self) -> int: ...
    @property
    def addr(self) -> int: ...
    @property
    def type(self) -> int: ...
    @property
    def rc(self) -> int: ...
    @property
    def num_attrs(self) -> int: ...

def get_info(loc: object, name: bytes | None = None, index: int = -1) -> ObjInfo: ...
def open(loc: object, name: bytes) -> GroupID | DatasetID | TypeID: ...
