FROM --platfrom=x a
