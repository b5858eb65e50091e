package diligence

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// version is that of the block's form. Within one, fields are only ever added. 1 is JSON, 2 is JSON compressed.
const version = 2

// MaxBlock bounds the block, in bytes: GitHub takes 65,536 characters, and what people read has to stand beside it.
const MaxBlock = 45000

// maxState bounds what a block unfolds to, in bytes.
const maxState = 4 << 20

// The block is JSON, compressed, in base64url, in an HTML comment: nothing in it can end the comment, or look like a command, a
// mention or a reference, and no editor of Markdown touches it.
var reBlock = regexp.MustCompile(`<!-- ddbot-state:([0-9]+):([A-Za-z0-9_-]*) -->`)

// ErrNewer says that the block was written by a newer ddbot. It is left alone.
var ErrNewer = errors.New("the status comment was written by a newer ddbot")

// writers are kept: a new one takes a megabyte of memory.
var writers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestCompression)
	if err != nil {
		panic(err) // there is that level
	}
	return w
}}

// Block writes the state for a comment.
func (s State) Block() (string, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("write the state: %w", err)
	}
	var packed bytes.Buffer
	w, _ := writers.Get().(*flate.Writer)
	defer writers.Put(w)
	w.Reset(&packed)
	_, err = w.Write(raw)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", fmt.Errorf("write the state: %w", err)
	}
	return fmt.Sprintf("<!-- ddbot-state:%d:%s -->", version, base64.RawURLEncoding.EncodeToString(packed.Bytes())), nil
}

// Parse reads the state out of a comment, in any version so far. A text without a block is the zero state.
func Parse(comment string) (s State, err error) {
	m := reBlock.FindStringSubmatch(comment)
	if m == nil {
		return s, nil
	}
	v, err := strconv.Atoi(m[1])
	if err != nil || v > version {
		return s, ErrNewer
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(m[2]))
	if err == nil && v >= 2 {
		raw, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), maxState))
	}
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		return State{}, fmt.Errorf("read the state: %w", err)
	}
	return s, nil
}
