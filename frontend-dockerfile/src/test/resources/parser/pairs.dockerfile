FROM a
ENV A=b C="d e" F=g\ h I='j "k"' L=m"n o"p
ENV LEGACY a  b=c "d
LABEL "with space"=x a.b.c="multi\
line" empty=
ENV X=$Y Z=\
1
ARG a b=c d="e f" g=
LABEL 
