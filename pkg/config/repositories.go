package config

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// KeepOwnFile is how long a repository's own file is taken as read.
const KeepOwnFile = 5 * time.Minute

// Files reads a file of a repository's default branch; found is false where there is none.
type Files interface {
	File(ctx context.Context, ref issue.Ref, path string) (content []byte, found bool, err error)
}

// Repositories answers for each repository what the configuration says, with the repository's own file over it where the
// operator allows that.
type Repositories struct {
	Source *Source
	Now    func() time.Time
	Log    logrus.FieldLogger

	mu    sync.Mutex
	files map[string]overrideFile
}

type overrideFile struct {
	text  []byte
	until time.Time
}

// Of gives the settings of a repository, nil for one that is none of ours. An error is an outage of GitHub.
func (s *Repositories) Of(ctx context.Context, gh Files, ref issue.Ref) (*plugin.Settings, error) {
	c := s.Source.Current()
	if got, served := c.For(ref); !served || !c.Overridable() {
		return got, nil
	}
	text, err := s.file(ctx, gh, ref, c)
	if err != nil {
		return nil, err
	}
	got, _ := c.ForWith(ref, text)
	return got, nil
}

// file gives the repository's own file, or the one before as long as that is of use and the new one is not.
func (s *Repositories) file(ctx context.Context, gh Files, ref issue.Ref, c *Config) (text []byte, err error) {
	s.mu.Lock()
	old, ok := s.files[ref.FullName()]
	s.mu.Unlock()
	if ok && s.Now().Before(old.until) {
		return old.text, nil
	}
	text, _, err = gh.File(ctx, ref, OverrideFile)
	if errors.Is(err, github.ErrInvalid) {
		// GitHub shows it, and it is no text: the repository's mistake, not an outage.
		s.Log.WithError(err).WithField("repository", ref.FullName()).Warn("Cannot read the repository's own configuration; it is ignored")
		err = nil
	}
	if err != nil {
		return nil, err
	}
	what := "that part is ignored"
	_, wrong := c.ForWith(ref, text)
	if !c.Usable(ref, text) {
		what = "it is ignored"
		if ok && c.Usable(ref, old.text) {
			text, what = old.text, "what it said before stays in use"
		}
	}
	for _, err := range wrong {
		s.Log.WithError(err).WithField("repository", ref.FullName()).Warn("The repository's own configuration is not right; " + what)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string]overrideFile{}
	}
	s.files[ref.FullName()] = overrideFile{text, s.Now().Add(KeepOwnFile)}
	return text, nil
}
