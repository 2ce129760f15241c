
^
rowsPlaceholder*
_user_specified_namerows*
dtype0*
shape:ÿÿÿÿÿÿÿÿÿ
i
PyFuncPyFuncrows"/job:localhost/replica:0/task:0*
token
pyfunc_4*
Tin
2*
Tout
2
,
IdentityIdentityPyFunc^NoOp*
T0

NoOpNoOp^PyFunc"ª