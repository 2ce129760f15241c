"""Functions and types that PyTorch writes into its own checkpoints. Verified against the sources of PyTorch 2.13.

Not here, although every checkpoint may hold them: `_rebuild_from_type_v2` calls its argument (`trampolines`) and
`_load_from_bytes` unpickles its argument (`loaders`).
"""

from modelwarden.policies.tables.harmless_rows import Harmless

_STORAGES = (
    "BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage DoubleStorage FloatStorage "
    "HalfStorage IntStorage LongStorage ShortStorage"
)

TABLE = Harmless(
    reason="tensor, storage, dtype and device constructors of PyTorch",
    names={
        "torch": (
            f"{_STORAGES} QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage Storage TypedStorage "
            "UntypedStorage BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor "
            "LongTensor ShortTensor Tensor Size device dtype layout memory_format qscheme Generator finfo iinfo "
            "bfloat16 bit bits16 bits1x8 bits2x4 bits4x2 bits8 bool cdouble cfloat chalf channels_last channels_last_3d "
            "complex128 complex32 complex64 contiguous_format double float float16 float32 float4_e2m1fn_x2 float64 "
            "float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu half int int1 int16 int2 int3 int32 "
            "int4 int5 int6 int64 int7 int8 jagged legacy_contiguous_format long per_channel_affine "
            "per_channel_affine_float_qparams per_channel_symmetric per_tensor_affine per_tensor_symmetric preserve_format "
            "qint32 qint8 quint2x4 quint4x2 quint8 short sparse_bsc sparse_bsr sparse_coo sparse_csc sparse_csr strided uint1 "
            "uint16 uint2 uint3 uint32 uint4 uint5 uint6 uint64 uint7 uint8 _mkldnn"
        ),
        "torch.cuda": f"{_STORAGES} FloatTensor HalfTensor DoubleTensor LongTensor IntTensor ByteTensor BoolTensor",
        "torch.cuda.sparse": "FloatTensor DoubleTensor HalfTensor",
        "torch.sparse": "FloatTensor DoubleTensor HalfTensor LongTensor",
        "torch.storage": "TypedStorage UntypedStorage _TypedStorage _UntypedStorage",
        "torch._utils": (
            "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter "
            "_rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor _rebuild_sparse_csr_tensor "
            "_rebuild_nested_tensor _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass "
            "_rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor _rebuild_xla_tensor"
        ),
        "torch.nested._internal.nested_tensor": "_rebuild_njt",
        "torch._tensor": "Tensor",
        "torch.tensor": "Tensor",
        "torch.serialization": "_get_layout",
        "torch.nn": "Parameter Buffer",
        "torch.nn.parameter": (
            "Parameter Buffer UninitializedParameter UninitializedBuffer UninitializedTensorMixin"
        ),
        "torch.nn.modules.module": "_IncompatibleKeys",
        "torch.nn.backends.thnn": "_get_thnn_function_backend",
        "torch._C": "Size Generator device dtype DispatchKey _TensorBase TensorBase",
        "torch._C._nn": "gelu",
        "torch.nn.functional": "relu gelu silu softmax sigmoid tanh leaky_relu elu log_softmax mse_loss cross_entropy l1_loss",
        "torch.torch_version": "TorchVersion",
        "torch.jit._pickle": (
            "build_intlist build_tensorlist build_doublelist build_boollist build_tensor_from_id restore_type_tag"
        ),
        "torch.distributed.checkpoint.metadata": (
            "BytesStorageMetadata ChunkStorageMetadata Metadata MetadataIndex StorageMeta TensorProperties "
            "TensorStorageMetadata _MEM_FORMAT_ENCODING"
        ),
        "torch.distributed.checkpoint.planner": "SavePlan LoadPlan ReadItem WriteItem WriteItemType LoadItemType TensorWriteData",
        "torch.distributed.checkpoint.filesystem": "_StorageInfo _StoragePrefix",
        "torch.distributed._shard.metadata": "ShardMetadata",
        "torch.distributed._shard.sharded_tensor.metadata": "MEM_FORMAT_ENCODING ShardedTensorMetadata TensorProperties",
    },
    instances={
        "torch.nn.modules.module": "_WrappedHook",
        "torch.utils.hooks": "RemovableHandle",
        "torch.nn.parallel.data_parallel": "DataParallel",
        "torch.nn.utils.parametrize": "ParametrizationList",
        "torch.utils.data.dataset": "TensorDataset Subset ConcatDataset Dataset",
        "torch.utils.data.sampler": "SequentialSampler RandomSampler BatchSampler",
        "torch.optim.swa_utils": "AveragedModel SWALR",
        "torch.amp.grad_scaler": "GradScaler",
        "torch.cuda.amp.grad_scaler": "GradScaler",
    },
)
