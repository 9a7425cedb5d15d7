"""Recurrent cells, written out to be read: ``rnn``, ``lstm`` and ``gru``."""
