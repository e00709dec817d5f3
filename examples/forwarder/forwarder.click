// Two ports, a counter each way.
in0 -> forward :: Counter -> out1;
in1 -> backward :: Counter -> out0;
