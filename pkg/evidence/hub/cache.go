package hub

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
)

// Cache keeps answers between runs. What cannot be kept is asked for again: its methods do not fail.
type Cache interface {
	Get(key string) (Entry, bool)
	Put(key string, e Entry)
}

// Entry is a kept answer.
type Entry struct {
	ETag string `json:"etag"`
	Type string `json:"type"`
	Body []byte `json:"body"`
}

// Dir is a cache in a folder, a file for each answer.
type Dir string

func (d Dir) file(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(string(d), hex.EncodeToString(sum[:16])+".json")
}

// Get implements [Cache].
func (d Dir) Get(key string) (Entry, bool) {
	data, err := os.ReadFile(d.file(key))
	if err != nil {
		return Entry{}, false
	}
	var e Entry
	return e, json.Unmarshal(data, &e) == nil
}

// Put implements [Cache].
func (d Dir) Put(key string, e Entry) {
	data, err := json.Marshal(e)
	if err != nil || os.MkdirAll(string(d), 0o700) != nil {
		return
	}
	tmp, err := os.CreateTemp(string(d), "new-*")
	if err != nil {
		return
	}
	_, err = tmp.Write(data)
	if closeErr := tmp.Close(); err == nil && closeErr == nil && os.Rename(tmp.Name(), d.file(key)) == nil {
		return
	}
	_ = os.Remove(tmp.Name())
}
