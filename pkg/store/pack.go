package store

import (
	_ "embed"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// How a payload is stored: its mark stands beside it. What older versions wrote has the mark 0.
const (
	plain  = 0
	zipped = 1 // Zstandard, with payload.dict
)

// dictionary is what GitHub's payloads have in common, in the order in which it sends the fields: with it they take a third less, the
// shorter the more. It is never changed: what was packed with it could not be read any more. Another one needs another mark.
//
//go:embed payload.dict
var dictionary []byte

// packMin is the size from which packing pays.
const packMin = 256

// maxUnpacked bounds what a damaged database could make of few bytes: four times what the receiver takes.
const maxUnpacked = 100 << 20

// Both are safe for several goroutines. The smallest window that holds a usual payload keeps them small.
var (
	packer = sync.OnceValues(func() (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2),
			zstd.WithWindowSize(64<<10), zstd.WithLowerEncoderMem(true), zstd.WithEncoderDictRaw(zipped, dictionary))
	})
	unpacker = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxUnpacked),
			zstd.WithDecoderDictRaw(zipped, dictionary))
	})
)

// errDamaged tells that a stored payload is not what was stored: nobody can mend that by trying again.
var errDamaged = errors.New("the stored payload is damaged; GitHub can deliver it again")

// pack gives a payload as it is stored, never nil, with its mark.
func pack(payload []byte) (data []byte, mark int, err error) {
	if len(payload) < packMin {
		return append([]byte{}, payload...), plain, nil
	}
	z, err := packer()
	if err != nil {
		return nil, 0, err
	}
	if data = z.EncodeAll(payload, make([]byte, 0, len(payload)/3)); len(data) < len(payload) {
		return data, zipped, nil
	}
	return payload, plain, nil
}

func unpack(data []byte, mark int) ([]byte, error) {
	switch mark {
	case plain:
		return data, nil
	case zipped:
		z, err := unpacker()
		if err != nil {
			return nil, err
		}
		if data, err = z.DecodeAll(data, nil); err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
		return data, nil
	}
	return nil, fmt.Errorf("the payload is packed in a way (%d) that this ddbot does not know", mark)
}
