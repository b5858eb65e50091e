package diligence

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// version is that of the block's form. Fields are only ever added within one.
const version = 1

// The block is JSON in base64url in an HTML comment: nothing in it can end the comment, or look like a command, a mention or a
// reference, and no editor of Markdown touches it.
var reBlock = regexp.MustCompile(`<!-- ddbot-state:([0-9]+):([A-Za-z0-9_-]*) -->`)

// ErrNewer says that the block was written by a newer ddbot. It is left alone.
var ErrNewer = errors.New("the status comment was written by a newer ddbot")

// Block writes the state for a comment.
func (s State) Block() (string, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("write the state: %w", err)
	}
	return fmt.Sprintf("<!-- ddbot-state:%d:%s -->", version, base64.RawURLEncoding.EncodeToString(raw)), nil
}

// Parse reads the state out of a comment. A text without a block is the zero state.
func Parse(comment string) (s State, err error) {
	m := reBlock.FindStringSubmatch(comment)
	if m == nil {
		return s, nil
	}
	if v, err := strconv.Atoi(m[1]); err != nil || v > version {
		return s, ErrNewer
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(m[2]))
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		return State{}, fmt.Errorf("read the state: %w", err)
	}
	return s, nil
}
