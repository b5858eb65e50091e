-- Which repositories there are was remembered twice; the records of kind source are kept.
DELETE FROM record WHERE kind = 'repo';
