"""More of the standard library: types that data is made of, and functions that data may refer to.

Swept from CPython 3.11 and 3.13 (every enumeration, named tuple and exception), with the names of 3.8 and 3.14; the rest by hand.
"""

from modelwarden.policies.tables.harmless_rows import Harmless

TABLE = Harmless(
    reason="enumerations, named tuples, exceptions and plain functions of Python",
    names={
        "__future__": "_Feature",
        "_thread": "_ExceptHookArgs",
        "aifc": "_aifc_params",
        "ast": (
            "AST AsyncFor AsyncFunctionDef AsyncWith AugLoad AugStore Await Bytes Ellipsis ExtSlice "
            "FunctionType Index Interactive Interpolation Match MatchAs MatchClass MatchMapping MatchOr "
            "MatchSequence MatchSingleton MatchStar MatchValue NameConstant Num Param ParamSpec Str Suite "
            "TemplateStr TryStar TypeAlias TypeIgnore TypeVar TypeVarTuple _Precedence boolop cmpop "
            "excepthandler expr expr_context match_case mod operator pattern slice stmt type_ignore "
            "type_param unaryop"
        ),
        "asyncio.constants": "_SendfileMode",
        "asyncio.locks": "_BarrierState",
        "asyncio.runners": "_State",
        "asyncio.sslproto": "AppProtocolState SSLProtocolState",
        "asyncio.timeouts": "_State",
        "calendar": "Calendar Day HTMLCalendar LocaleTextCalendar Month TextCalendar",
        "cmath": (
            "acos acosh asin asinh atan atanh cos cosh exp isclose isfinite isinf isnan log log10 phase "
            "polar rect sin sinh sqrt tan tanh"
        ),
        "collections.abc": (
            "AsyncGenerator AsyncIterable AsyncIterator Awaitable Buffer ByteString Collection Container "
            "Coroutine Generator ItemsView KeysView MappingView Reversible Sized ValuesView"
        ),
        "concurrent.futures._base": "DoneAndNotDoneFutures",
        "dataclasses": "_DataclassParams _FIELD_BASE _KW_ONLY_TYPE",
        "datetime": "UTC datetime._unpickle",
        "decimal": (
            "Clamped ConversionSyntax DecimalException DivisionByZero DivisionImpossible "
            "DivisionUndefined FloatOperation Inexact InvalidContext InvalidOperation Overflow Rounded "
            "Subnormal Underflow getcontext localcontext"
        ),
        "difflib": "Match",
        "json.decoder": "JSONDecodeError",
        "dis": "Instruction Positions _ExceptionTableEntry _ExceptionTableEntryBase _Instruction",
        "enum": "EnumCheck FlagBoundary",
        "fractions": "Fraction._from_coprime_ints",
        "functools": "CacheInfo",
        "graphlib": "TopologicalSorter _NodeInfo",
        "grp": "struct_group",
        "http": "HTTPMethod",
        "inspect": (
            "ArgInfo Arguments Attribute BufferFlags ClosureVars FrameInfo FullArgSpec Traceback "
            "_FrameInfo _Traceback"
        ),
        "math": (
            "acos acosh asin asinh atan atan2 atanh cbrt comb copysign cosh degrees dist e erf erfc exp2 "
            "factorial fma fmod frexp fsum gamma gcd hypot isclose isfinite isinf isnan isqrt lcm ldexp "
            "lgamma modf nextafter perm prod radians remainder sinh sumprod trunc ulp"
        ),
        "nntplib": "ArticleInfo GroupInfo",
        "numbers": "Complex Integral Number Rational Real",
        "os": "sched_param stat_result statvfs_result terminal_size times_result uname_result waitid_result",
        "platform": "AndroidVer IOSVersionInfo uname_result",
        "plistlib": "PlistFormat UID",
        "pstats": "SortKey",
        "pwd": "struct_passwd",
        "py_compile": "PycInvalidationMode",
        "queue": "Empty Full ShutDown",
        "random": "SystemRandom",
        "resource": "struct_rusage",
        "selectors": "SelectorKey",
        "shutil": "usage",
        "signal": (
            "Handlers SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO "
            "SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGRTMAX SIGRTMIN SIGSEGV SIGSTOP "
            "SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH "
            "SIGXCPU SIGXFSZ SIG_BLOCK SIG_DFL SIG_IGN SIG_SETMASK SIG_UNBLOCK Sigmasks Signals "
            "struct_siginfo"
        ),
        "socket": (
            "AF_ALG AF_APPLETALK AF_ASH AF_ATMPVC AF_ATMSVC AF_AX25 AF_BRIDGE AF_CAN AF_ECONET AF_INET "
            "AF_INET6 AF_IPX AF_IRDA AF_KEY AF_LLC AF_NETBEUI AF_NETLINK AF_NETROM AF_PACKET AF_PPPOX "
            "AF_QIPCRTR AF_RDS AF_ROSE AF_ROUTE AF_SECURITY AF_SNA AF_TIPC AF_UNIX AF_UNSPEC AF_VSOCK "
            "AF_WANPIPE AF_X25 AI_ADDRCONFIG AI_ALL AI_CANONNAME AI_NUMERICHOST AI_NUMERICSERV AI_PASSIVE "
            "AI_V4MAPPED AddressFamily AddressInfo MSG_CMSG_CLOEXEC MSG_CONFIRM MSG_CTRUNC MSG_DONTROUTE "
            "MSG_DONTWAIT MSG_EOR MSG_ERRQUEUE MSG_FASTOPEN MSG_MORE MSG_NOSIGNAL MSG_OOB MSG_PEEK "
            "MSG_TRUNC MSG_WAITALL MsgFlag SOCK_CLOEXEC SOCK_DGRAM SOCK_NONBLOCK SOCK_RAW SOCK_RDM "
            "SOCK_SEQPACKET SOCK_STREAM SocketKind"
        ),
        "ssl": (
            "AlertDescription DefaultVerifyPaths Options Purpose SSLErrorNumber TLSVersion VerifyFlags "
            "VerifyMode _ASN1Object _SSLMethod _TLSAlertType _TLSContentType _TLSMessageType"
        ),
        "statistics": "LinearRegression NormalDist",
        "struct": "Struct error",
        "sunau": "_sunau_params",
        "symtable": "SymbolTableType",
        "tarfile": (
            "AbsoluteLinkError AbsolutePathError CompressionError EOFHeaderError EmptyHeaderError "
            "ExtractError FilterError HeaderError InvalidHeaderError LinkOutsideDestinationError "
            "OutsideDestinationError ReadError SpecialFileError StreamError SubsequentHeaderError "
            "TarError TruncatedHeaderError"
        ),
        "tokenize": "TokenInfo",
        "tomllib._parser": "Output",
        "traceback": "_Anchors",
        "types": "BuiltinFunctionType BuiltinMethodType GeneratorType",
        "typing": (
            "Annotated AnyStr AsyncIterable AsyncIterator Awaitable BinaryIO ChainMap ClassVar Collection "
            "Concatenate Container ContextManager Coroutine Counter DefaultDict Deque Final ForwardRef "
            "FrozenSet Generator Hashable IO ItemsView Iterable Iterator KeysView LiteralString Mapping "
            "Match MutableMapping MutableSequence MutableSet NamedTuple Never NewType NoDefault NoReturn "
            "NotRequired OrderedDict ParamSpec ParamSpecArgs ParamSpecKwargs Pattern Protocol Required "
            "Reversible Self Sequence Set Sized SupportsAbs SupportsBytes SupportsComplex SupportsFloat "
            "SupportsIndex SupportsInt SupportsRound Text TextIO TypeAlias TypeGuard TypeVarTuple "
            "TypedDict Unpack ValuesView _AnnotatedAlias _CallableGenericAlias _GenericAlias "
            "_LiteralGenericAlias _SpecialForm _SpecialGenericAlias _UnionGenericAlias"
        ),
        "urllib.parse": (
            "DefragResult DefragResultBytes ParseResult ParseResultBytes SplitResult SplitResultBytes"
        ),
        "urllib.robotparser": "RequestRate",
        "wave": "_wave_params",
        "xml.etree.ElementTree": "Element",
        "zipfile": "BadZipFile LargeZipFile",
    },
    instances={
        "urllib.parse": "quote quote_plus unquote unquote_plus urlencode urljoin urlparse urlsplit urlunparse urlunsplit",
        "os": "fspath",
        "_curses": "error",
        "_curses_panel": "error",
        "_hashlib": "openssl_md5 openssl_sha1 openssl_sha256 openssl_sha512",
        "_md5": "md5",
        "_sha1": "sha1",
        "aifc": "Error",
        "argparse": (
            "Action ArgumentDefaultsHelpFormatter ArgumentError ArgumentParser ArgumentTypeError "
            "BooleanOptionalAction FileType HelpFormatter MetavarTypeHelpFormatter "
            "RawDescriptionHelpFormatter RawTextHelpFormatter _AppendAction _AppendConstAction "
            "_ArgumentGroup _CountAction _ExtendAction _HelpAction _MutuallyExclusiveGroup _StoreAction "
            "_StoreConstAction _StoreFalseAction _StoreTrueAction _SubParsersAction _VersionAction"
        ),
        "asyncio.exceptions": (
            "BrokenBarrierError CancelledError IncompleteReadError InvalidStateError LimitOverrunError "
            "SendfileNotAvailableError"
        ),
        "asyncio.queues": "QueueEmpty QueueFull QueueShutDown",
        "asyncore": "ExitNow",
        "audioop": "error",
        "binascii": "Error Incomplete crc32 hexlify",
        "bisect": "bisect bisect_left bisect_right insort",
        "builtins": (
            "aiter anext bytearray.fromhex bytes.decode bytes.fromhex bytes.hex callable "
            "complex.conjugate dict.copy dict.fromkeys dict.get dict.items dict.keys dict.pop "
            "dict.popitem dict.setdefault dict.update dict.values float.fromhex float.hex "
            "float.is_integer frozenset.difference frozenset.intersection frozenset.issubset "
            "frozenset.issuperset frozenset.union function id int.bit_count int.bit_length int.from_bytes "
            "int.to_bytes isinstance issubclass list.append list.clear list.copy list.count list.extend "
            "list.index list.insert list.pop list.remove list.reverse list.sort next object.__eq__ "
            "object.__hash__ object.__init__ object.__repr__ object.__str__ print set.add set.clear "
            "set.copy set.difference set.discard set.intersection set.issubset set.issuperset set.pop "
            "set.remove set.symmetric_difference set.union set.update str.center str.count str.encode "
            "str.endswith str.expandtabs str.find str.format str.format_map str.index str.isalnum "
            "str.isalpha str.isascii str.isdecimal str.isidentifier str.islower str.isnumeric "
            "str.isprintable str.isspace str.istitle str.isupper str.join str.ljust str.maketrans "
            "str.partition str.removeprefix str.removesuffix str.replace str.rfind str.rindex str.rjust "
            "str.rpartition str.rsplit str.splitlines str.startswith str.swapcase str.translate str.zfill "
            "super tuple.count tuple.index"
        ),
        "calendar": "IllegalMonthError IllegalWeekdayError",
        "collections": "_Link _OrderedDictItemsView _OrderedDictKeysView _OrderedDictValuesView",
        "colorsys": "hls_to_rgb hsv_to_rgb rgb_to_hls rgb_to_hsv",
        "concurrent.futures._base": "BrokenExecutor CancelledError Error InvalidStateError",
        "concurrent.futures.process": "BrokenProcessPool _RemoteTraceback",
        "concurrent.futures.thread": "BrokenThreadPool",
        "configparser": (
            "BasicInterpolation ConfigParser ConverterMapping DuplicateOptionError DuplicateSectionError "
            "Error ExtendedInterpolation Interpolation InterpolationDepthError InterpolationError "
            "InterpolationMissingOptionError InterpolationSyntaxError LegacyInterpolation "
            "MissingSectionHeaderError MultilineContinuationError NoOptionError NoSectionError "
            "ParsingError RawConfigParser SectionProxy"
        ),
        "contextlib": "nullcontext suppress",
        "copy": "Error copy deepcopy",
        "csv": "Dialect Error excel excel_tab reader unix_dialect writer",
        "genericpath": "exists isdir isfile getsize commonprefix",
        "dataclasses": "FrozenInstanceError",
        "datetime": (
            "date.fromisoformat date.fromtimestamp date.today datetime.fromisoformat datetime.fromordinal "
            "datetime.fromtimestamp datetime.now datetime.strptime datetime.today "
            "datetime.utcfromtimestamp datetime.utcnow"
        ),
        "dbm.sqlite3": "error",
        "difflib": "SequenceMatcher get_close_matches",
        "email._header_value_parser": "_InvalidEwError",
        "email._policybase": "Compat32",
        "email.charset": "Charset",
        "email.errors": (
            "BoundaryError CharsetError CloseBoundaryNotFoundDefect FirstHeaderLineIsContinuationDefect "
            "HeaderDefect HeaderMissingRequiredValue HeaderParseError HeaderWriteError "
            "InvalidBase64CharactersDefect InvalidBase64LengthDefect InvalidBase64PaddingDefect "
            "InvalidDateDefect InvalidHeaderDefect InvalidMultipartContentTransferEncodingDefect "
            "MessageDefect MessageError MessageParseError MisplacedEnvelopeHeaderDefect "
            "MissingHeaderBodySeparatorDefect MultipartConversionError MultipartInvariantViolationDefect "
            "NoBoundaryInMultipartDefect NonASCIILocalPartDefect NonPrintableDefect ObsoleteHeaderDefect "
            "StartBoundaryNotFoundDefect UndecodableBytesDefect"
        ),
        "email.header": "Header",
        "email.headerregistry": "Address Group HeaderRegistry",
        "email.message": "EmailMessage MIMEPart Message",
        "email.policy": "EmailPolicy",
        "encodings": "CodecRegistryError",
        "fnmatch": "fnmatch fnmatchcase translate",
        "ftplib": "Error error_perm error_proto error_reply error_temp",
        "functools": "_HashedSeq singledispatchmethod total_ordering",
        "getopt": "GetoptError",
        "getpass": "GetPassWarning",
        "graphlib": "CycleError",
        "gzip": "BadGzipFile",
        "hashlib": "blake2b blake2s md5 sha1 sha224 sha256 sha384 sha512",
        "heapq": "heapify heappop heappush nlargest nsmallest",
        "html": "escape unescape",
        "html.parser": "HTMLParser",
        "http.client": (
            "BadStatusLine CannotSendHeader CannotSendRequest HTTPException ImproperConnectionState "
            "IncompleteRead InvalidURL LineTooLong NotConnected RemoteDisconnected ResponseNotReady "
            "UnimplementedFileMode UnknownProtocol UnknownTransferEncoding"
        ),
        "http.cookiejar": "Cookie CookieJar DefaultCookiePolicy LoadError",
        "http.cookies": "CookieError Morsel SimpleCookie",
        "inspect": "BoundArguments ClassFoundException EndOfBlock",
        "io": "UnsupportedOperation",
        "ipaddress": "AddressValueError NetmaskValueError _IPv4Constants _IPv6Constants",
        "itertools": "_tee batched combinations_with_replacement compress pairwise tee",
        "json": "dumps loads dump load",
        "json.decoder": "JSONDecoder",
        "json.encoder": "JSONEncoder",
        "keyword": "iskeyword",
        "locale": "Error atof atoi delocalize str",
        "secrets": "token_bytes token_hex token_urlsafe",
        "logging": (
            "Filter Filterer Formatter LogRecord LoggerAdapter Manager NullHandler PercentStyle "
            "PlaceHolder RootLogger StrFormatStyle StringTemplateStyle"
        ),
        "logging.handlers": "QueueHandler",
        "lzma": "LZMAError",
        "mailbox": "Error ExternalClashError FormatError NoSuchMailboxError NotEmptyError",
        "mailcap": "UnsafeMailcapInput",
        "mimetypes": "MimeTypes",
        "multiprocessing.context": "AuthenticationError BufferTooShort ProcessError TimeoutError",
        "multiprocessing.managers": "RemoteError",
        "multiprocessing.pool": "MaybeEncodingError RemoteTraceback",
        "multiprocessing.resource_tracker": "ReentrantCallError",
        "netrc": "NetrcParseError",
        "nis": "error",
        "nntplib": (
            "NNTPDataError NNTPError NNTPPermanentError NNTPProtocolError NNTPReplyError NNTPTemporaryError"
        ),
        "ntpath": "basename dirname isabs join normpath splitext",
        "operator": (
            "__abs__ __add__ __and__ __contains__ __eq__ __floordiv__ __ge__ __gt__ __index__ __inv__ "
            "__invert__ __le__ __lshift__ __lt__ __matmul__ __mod__ __mul__ __ne__ __neg__ __not__ __or__ "
            "__pos__ __pow__ __rshift__ __sub__ __truediv__ __xor__ concat contains countOf iadd iand "
            "iconcat ifloordiv ilshift imatmul imod imul indexOf ior ipow irshift is_none is_not_none "
            "isub itruediv ixor length_hint"
        ),
        "optparse": (
            "AmbiguousOptionError BadOptionError IndentedHelpFormatter OptParseError Option "
            "OptionConflictError OptionContainer OptionError OptionGroup OptionParser OptionValueError "
            "TitledHelpFormatter Values"
        ),
        "ossaudiodev": "OSSAudioError",
        "pathlib": "UnsupportedOperation",
        "pickle": "PickleBuffer PickleError PicklingError UnpicklingError _Stop",
        "plistlib": "InvalidFileException loads",
        "poplib": "error_proto",
        "posixpath": "basename dirname isabs join normpath splitext",
        "pprint": "PrettyPrinter",
        "queue": "LifoQueue PriorityQueue SimpleQueue",
        "random": (
            "Random.choice Random.gauss Random.randint Random.random Random.sample Random.shuffle "
            "Random.uniform"
        ),
        "re": (
            "Match PatternError compile error escape findall finditer fullmatch match search split sub subn"
        ),
        "shutil": "Error ExecError ReadError RegistryError SameFileError SpecialFileError",
        "signal": "itimer_error",
        "smtplib": (
            "SMTPAuthenticationError SMTPConnectError SMTPDataError SMTPException SMTPHeloError "
            "SMTPNotSupportedError SMTPRecipientsRefused SMTPResponseException SMTPSenderRefused "
            "SMTPServerDisconnected"
        ),
        "socket": "gaierror herror",
        "sqlite3": (
            "DataError DatabaseError Error IntegrityError InterfaceError InternalError NotSupportedError "
            "OperationalError ProgrammingError Warning"
        ),
        "ssl": (
            "SSLCertVerificationError SSLEOFError SSLError SSLSyscallError SSLWantReadError "
            "SSLWantWriteError SSLZeroReturnError"
        ),
        "statistics": (
            "StatisticsError correlation covariance fmean geometric_mean harmonic_mean linear_regression "
            "median_grouped median_high median_low multimode pstdev pvariance quantiles stdev variance"
        ),
        "string": "capwords",
        "string.templatelib": "Interpolation Template",
        "subprocess": "CalledProcessError SubprocessError TimeoutExpired",
        "sunau": "Error",
        "tabnanny": "NannyNag",
        "tarfile": "TarInfo",
        "termios": "error",
        "textwrap": "TextWrapper dedent fill wrap",
        "threading": "Barrier BoundedSemaphore BrokenBarrierError Condition Semaphore",
        "time": "monotonic perf_counter process_time time time_ns",
        "tokenize": "StopTokenizing TokenError",
        "tomllib": "TOMLDecodeError loads",
        "traceback": "FrameSummary StackSummary TracebackException",
        "types": "AsyncGeneratorType",
        "typing": "cast",
        "unicodedata": "category normalize",
        "unittest.case": "SkipTest",
        "urllib.error": "ContentTooShortError HTTPError URLError",
        "uu": "Error",
        "uuid": "uuid1 uuid3 uuid4 uuid5",
        "warnings": "WarningMessage _OptionError",
        "wave": "Error",
        "weakref": "KeyedRef",
        "webbrowser": "Error",
        "wsgiref.validate": "WSGIWarning",
        "xdrlib": "ConversionError Error",
        "xml.dom": (
            "DOMException DomstringSizeErr HierarchyRequestErr IndexSizeErr InuseAttributeErr "
            "InvalidAccessErr InvalidCharacterErr InvalidModificationErr InvalidStateErr NamespaceErr "
            "NoDataAllowedErr NoModificationAllowedErr NotFoundErr NotSupportedErr SyntaxErr "
            "ValidationErr WrongDocumentErr"
        ),
        "xml.dom.expatbuilder": "ParseEscape",
        "xml.etree.ElementInclude": "FatalIncludeError LimitedRecursiveIncludeError",
        "xml.etree.ElementTree": "ElementTree ParseError",
        "xml.parsers.expat": "ExpatError",
        "xml.sax._exceptions": (
            "SAXException SAXNotRecognizedException SAXNotSupportedException SAXParseException "
            "SAXReaderNotAvailable"
        ),
        "xmlrpc.client": "Binary DateTime Error Fault ProtocolError ResponseError",
        "zipapp": "ZipAppError",
        "zipfile": "ZipInfo",
        "zlib": "adler32 crc32 error",
        "zoneinfo._common": "ZoneInfoNotFoundError",
        "zoneinfo._tzpath": "InvalidTZPathWarning",
    },
)
