package template

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Kinds of templates.
const (
	Application = "application" // the issue in which a project applies
	Report      = "report"      // the due-diligence document that is voted on
)

// Levels that one can apply for.
const (
	Incubation = "incubation"
	Graduation = "graduation"
)

// Version is one text that a template has had.
type Version struct {
	Kind, Level string
	Hash        string // the first 12 hex digits of sha256 over the text with LF and without blanks at line ends
	Date        string // YYYY-MM-DD, of the commit; empty if unknown
	Commit      string // 40 hex digits, of cncf/toc; empty if unknown
	Path        string // in cncf/toc
	Text        string // lines end with LF, none with blanks

	cached *lazy
}

// lazy is what is computed of a version when it is first needed.
type lazy struct {
	outline  func() *Outline
	features func() *features
}

// NewVersion makes a version of a text.
func NewVersion(kind, level, text string) Version {
	text = canonical(text)
	sum := sha256.Sum256([]byte(text))
	v := Version{Kind: kind, Level: level, Text: text, Hash: hex.EncodeToString(sum[:])[:12]}
	outline := sync.OnceValue(func() *Outline {
		o, err := Read(text)
		if err != nil {
			return &Outline{}
		}
		return o
	})
	v.cached = &lazy{outline, sync.OnceValue(func() *features { return newFeatures(outline()) })}
	return v
}

// Outline is the version's text, cut at headings and boxes; without parts where it cannot be read.
func (v *Version) Outline() *Outline { return v.cached.outline() }

// URL is the version's permanent address, "" if its commit is unknown.
func (v *Version) URL() string {
	if v.Commit == "" {
		return ""
	}
	return "https://github.com/cncf/toc/blob/" + v.Commit + "/" + strings.ReplaceAll(v.Path, " ", "%20")
}

// Name tells people which version it is.
func (v *Version) Name() string {
	name := v.Level + " " + v.Kind
	if v.Date != "" {
		name += " of " + v.Date
	}
	return name + " (" + v.Hash + ")"
}

func canonical(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.Join(lines, "\n") + "\n"
}

//go:embed versions.txt
var versionsTXT string

// pool are the lines of all known versions.
var pool = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for row := range strings.Lines(versionsTXT) {
		if line, ok := strings.CutPrefix(row, "l\t"); ok {
			all[line] = true
		}
	}
	return all
})

// isOfForm tells whether a line with its end is one of a known version's, to the letter.
func isOfForm(line string) bool { return pool()[line] }

var known = sync.OnceValues(func() ([]Version, error) { return ReadVersions(strings.NewReader(versionsTXT)) })

// Versions are the known ones: by kind and level, the oldest first. They are shared and must not be changed.
func Versions() []Version {
	v, err := known()
	if err != nil {
		panic("template: versions.txt: " + err.Error()) // a test reads it
	}
	return v
}

// Newest gives the newest known version of a kind and level.
func Newest(kind, level string) (*Version, bool) {
	all := Versions()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Kind == kind && all[i].Level == level {
			return &all[i], true
		}
	}
	return nil, false
}

// Find gives the version with a hash or commit, or the beginning of one, of at least four digits. A commit may have changed
// several templates; kind and level tell which, and may be empty.
func Find(name, kind, level string) (*Version, error) {
	const fewest = 4
	var found []*Version
	all := Versions()
	for i := range all {
		v := &all[i]
		if len(name) >= fewest && (strings.HasPrefix(v.Hash, name) || strings.HasPrefix(v.Commit, name)) &&
			(kind == "" || kind == v.Kind) && (level == "" || level == v.Level) {
			found = append(found, v)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("no known template has the hash or commit %q; 'ddbot template list' lists them", name)
	}
	names := make([]string, len(found))
	for i, v := range found {
		names[i] = v.Name()
	}
	return nil, fmt.Errorf("%q may be %s", name, strings.Join(names, " or "))
}

// ReadVersions reads what [WriteVersions] has written. Lines that begin with "#" are comments.
func ReadVersions(r io.Reader) ([]Version, error) {
	var pool []string
	var all []Version
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		kind, rest, _ := strings.Cut(in.Text(), "\t")
		switch {
		case kind == "l":
			pool = append(pool, rest)
		case kind == "v":
			v, err := readVersion(rest, pool)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			all = append(all, v)
		case kind != "" && kind[0] != '#':
			return nil, fmt.Errorf("line %d begins with %q", n, kind)
		}
	}
	return all, in.Err()
}

func readVersion(row string, pool []string) (Version, error) {
	cells := strings.Split(row, "\t")
	const columns = 7
	if len(cells) != columns {
		return Version{}, fmt.Errorf("a version has %d columns, and this has %d", columns, len(cells))
	}
	var b strings.Builder
	for part := range strings.SplitSeq(cells[6], ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, err := strconv.Atoi(first)
		to := from
		if err == nil && isRange {
			to, err = strconv.Atoi(last)
		}
		if err != nil || from < 1 || to < from || to > len(pool) {
			return Version{}, fmt.Errorf("%q are no lines", part)
		}
		for _, l := range pool[from-1 : to] {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	v := NewVersion(cells[0], cells[1], b.String())
	if v.Hash != cells[2] {
		return Version{}, fmt.Errorf("the lines of %s have the hash %s", cells[2], v.Hash)
	}
	v.Date, v.Commit, v.Path = cells[3], cells[4], cells[5]
	return v, nil
}

// WriteVersions writes every line once, and which of them each version has.
func WriteVersions(w io.Writer, all []Version) error {
	number := map[string]int{}
	out := bufio.NewWriter(w)
	rows := make([]string, 0, len(all))
	for _, v := range all {
		var numbers []int
		for l := range strings.SplitSeq(strings.TrimSuffix(v.Text, "\n"), "\n") {
			if number[l] == 0 {
				number[l] = len(number) + 1
				fmt.Fprintf(out, "l\t%s\n", l)
			}
			numbers = append(numbers, number[l])
		}
		rows = append(rows, strings.Join([]string{"v", v.Kind, v.Level, v.Hash, v.Date, v.Commit, v.Path, ranges(numbers)}, "\t"))
	}
	for _, r := range slices.All(rows) {
		fmt.Fprintln(out, r)
	}
	return out.Flush()
}

// ranges writes 1, 2, 3, 7 as 1-3,7.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i + 1
		for j < len(numbers) && numbers[j] == numbers[j-1]+1 {
			j++
		}
		part := strconv.Itoa(numbers[i])
		if j > i+1 {
			part += "-" + strconv.Itoa(numbers[j-1])
		}
		parts = append(parts, part)
		i = j
	}
	return strings.Join(parts, ",")
}
