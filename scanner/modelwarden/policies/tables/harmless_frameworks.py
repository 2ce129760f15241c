"""Classes of other model libraries: boosting, configuration, tokenizers, training loops.

Verified against xgboost, lightgbm, catboost, imbalanced-learn, omegaconf, accelerate, tokenizers, gensim, pytorch-lightning.
"""

from modelwarden.policies.tables.harmless_rows import Harmless

TABLE = Harmless(
    reason="enumerations and small data classes of model libraries",
    names={
        "xgboost.core": "DataSplitMode",
        "lightgbm.basic": "_MissingType",
        "catboost.core": "EFeaturesSelectionAlgorithm EFeaturesSelectionGrouping EFstrType EShapCalcType",
        "omegaconf.base": "SCMode",
        "omegaconf._utils": "ValueKind",
        "accelerate.utils.dataclasses": (
            "ComputeEnvironment CustomDtype DDPCommunicationHookType DistributedType DynamoBackend FP8BackendType LoggerType "
            "PrecisionType RNGType SageMakerDistributedType"
        ),
        "pymdownx.slugs": "slugify",  # what mkdocs.yml of many a project names
        "tokenizers": "AddedToken Tokenizer Encoding Regex",
        "tokenizers.models": "Model BPE Unigram WordLevel WordPiece",
    },
    instances={
        "xgboost.core": "Booster",
        "xgboost.sklearn": (
            "XGBClassifier XGBModel XGBRFClassifier XGBRFRegressor XGBRanker XGBRankerMixIn XGBRegressor"
        ),
        "xgboost.callback": "EarlyStopping EvaluationMonitor LearningRateScheduler TrainingCheckPoint",
        "lightgbm.basic": "Booster Dataset",
        "lightgbm.sklearn": "LGBMClassifier LGBMModel LGBMRanker LGBMRegressor",
        "lightgbm.engine": "CVBooster",
        "lightgbm.callback": (
            "_EarlyStoppingCallback _LogEvaluationCallback _RecordEvaluationCallback _ResetParameterCallback"
        ),
        "catboost.core": "CatBoost CatBoostClassifier CatBoostRanker CatBoostRegressor",
        "imblearn.pipeline": "Pipeline",
        "imblearn.over_sampling._adasyn": "ADASYN",
        "imblearn.over_sampling._random_over_sampler": "RandomOverSampler",
        "imblearn.over_sampling._smote.base": "SMOTE SMOTEN SMOTENC",
        "imblearn.over_sampling._smote.cluster": "KMeansSMOTE",
        "imblearn.over_sampling._smote.filter": "BorderlineSMOTE SVMSMOTE",
        "imblearn.under_sampling._prototype_selection._random_under_sampler": "RandomUnderSampler",
        "imblearn.under_sampling._prototype_selection._tomek_links": "TomekLinks",
        "imblearn.under_sampling._prototype_selection._edited_nearest_neighbours": (
            "AllKNN EditedNearestNeighbours RepeatedEditedNearestNeighbours"
        ),
        "imblearn.ensemble._bagging": "BalancedBaggingClassifier",
        "imblearn.ensemble._easy_ensemble": "EasyEnsembleClassifier",
        "imblearn.ensemble._forest": "BalancedRandomForestClassifier",
        "imblearn.ensemble._weight_boosting": "RUSBoostClassifier",
        "imblearn.combine._smote_enn": "SMOTEENN",
        "imblearn.combine._smote_tomek": "SMOTETomek",
        "omegaconf.base": "Container ContainerMetadata Metadata Node UnionNode Box",
        "omegaconf.dictconfig": "DictConfig",
        "omegaconf.listconfig": "ListConfig",
        "omegaconf.nodes": (
            "AnyNode BooleanNode BytesNode EnumNode FloatNode IntegerNode InterpolationResultNode PathNode StringNode ValueNode"
        ),
        "accelerate.state": "AcceleratorState GradientState PartialState",
        "transformers.training_args": "TrainingArguments",
        "transformers.training_args_seq2seq": "Seq2SeqTrainingArguments",
        "nltk.probability": "ConditionalFreqDist FreqDist",
        "torch.distributed.fsdp.api": (
            "BackwardPrefetch CPUOffload MixedPrecision ShardingStrategy StateDictType FullStateDictConfig LocalStateDictConfig "
            "ShardedStateDictConfig"
        ),
        "gensim.models.word2vec": "Word2Vec",
        "gensim.models.doc2vec": "Doc2Vec",
        "gensim.models.fasttext": "FastText",
        "gensim.models.keyedvectors": "KeyedVectors",
        "gensim.models.ldamodel": "LdaModel",
        "gensim.models.lsimodel": "LsiModel",
        "gensim.models.tfidfmodel": "TfidfModel",
        "gensim.models.phrases": "Phrases Phraser",
        "gensim.corpora.dictionary": "Dictionary",
        "pytorch_lightning.utilities.parsing": "AttributeDict",
        "lightning.pytorch.utilities.parsing": "AttributeDict",
        "lightning_fabric.utilities.data": "AttributeDict",
        "lightning.fabric.utilities.data": "AttributeDict",
        "pytorch_lightning.callbacks.model_checkpoint": "ModelCheckpoint",
        "pytorch_lightning.callbacks.early_stopping": "EarlyStopping",
        "pytorch_lightning.callbacks.lr_monitor": "LearningRateMonitor",
    },
)
