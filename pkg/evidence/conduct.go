package evidence

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
)

// sketchSize is how many of a text's smallest shingle hashes are kept. 64 tell similarities to about a tenth.
const sketchSize = 64

// shingle is how many words one hash is of.
const shingle = 4

// sketch makes a text comparable without keeping it: the smallest hashes of its runs of words.
func sketch(text string) []uint32 {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	seen := map[uint32]bool{}
	var all []uint32
	for i := 0; i+shingle <= len(words); i++ {
		h := fnv.New32a()
		for _, w := range words[i : i+shingle] {
			_, _ = h.Write([]byte(w))
			_, _ = h.Write([]byte{' '})
		}
		if sum := h.Sum32(); !seen[sum] {
			seen[sum] = true
			all = append(all, sum)
		}
	}
	slices.Sort(all)
	return all[:min(sketchSize, len(all))]
}

// alike estimates which share of their runs of words two texts have in common (Jaccard), from their sketches.
func alike(a, b []uint32) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	union := slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
	union = union[:min(sketchSize, len(union))]
	both := 0
	for _, h := range union {
		_, inA := slices.BinarySearch(a, h)
		_, inB := slices.BinarySearch(b, h)
		if inA && inB {
			both++
		}
	}
	return float64(both) / float64(len(union))
}

// cncfConduct is the sketch of the CNCF's code of conduct 1.3 (code-of-conduct.md of cncf/foundation 7596c66).
var cncfConduct = []uint32{
	0x98b2fb, 0xef957a, 0x104127a, 0x135dcd4, 0x14209f8, 0x15414dc, 0x171eeaa, 0x17f2444, 0x19c2f65, 0x19d47b0, 0x1f3906c,
	0x2365eed, 0x25d22e5, 0x2cbc78a, 0x2f5ec88, 0x301dc3e, 0x3528ca4, 0x364b28e, 0x3878a8b, 0x3acf69e, 0x3fc06f0, 0x4321227,
	0x448a77a, 0x4794f3d, 0x47fea53, 0x494e5c4, 0x4dcdef9, 0x53d1bbe, 0x56dff8c, 0x588c5c4, 0x62538ee, 0x65b30e7, 0x66cc1b4,
	0x6876df4, 0x6a00c99, 0x6b647b5, 0x70cf1b1, 0x8061534, 0x838d1e4, 0x859d125, 0x9165c7e, 0x935790e, 0x96a05f2, 0x96aa142,
	0xa5d6f0b, 0xa83ecbf, 0xaddfa92, 0xb298af5, 0xb671068, 0xc11f054, 0xc83a366, 0xc8d3835, 0xcc997ae, 0xd2aca0b, 0xd6a1c35,
	0xe258db2, 0xe4e3dab, 0xe9917eb, 0xeb2604c, 0xec74ad2, 0xed4eb3c, 0xf5feaca, 0xfa5f58f, 0xfcd872a,
}

// basedOn is how alike a text must be to be one that builds on the foundation's: projects' own versions of it reach 0.5,
// texts of other origin 0.1.
const basedOn = 0.35

// conductLink is an address of the foundation's code of conduct.
var conductLink = re(`github\.com/cncf/foundation/(blob|tree)/[^\s)]*code-of-conduct|cncf\.io/conduct|cncf\.io/(about/)?code-of-conduct|contribute\.cncf\.io/[^\s)]*conduct`)
