package plugin

import (
	"fmt"
	"path"
)

// Wrong is what an Options' Validate has against one option, named as "closeReason", "rules[0]" or "groups.status.values[2]",
// so that the message can point to its line in the configuration.
func Wrong(field, format string, args ...any) error {
	return &fieldError{field, fmt.Sprintf(format, args...)}
}

// WrongGlob is what there is against a pattern for labels in an option; nil for a good one.
func WrongGlob(field, glob string) error {
	if _, err := path.Match(glob, ""); err != nil || glob == "" {
		return Wrong(field, "%q is not a pattern for labels: write for example priority/*", glob)
	}
	return nil
}

// WrongGlobs is the same for a list of patterns.
func WrongGlobs(field string, globs []string) (errs []error) {
	for i, glob := range globs {
		if err := WrongGlob(fmt.Sprintf("%s[%d]", field, i), glob); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

type fieldError struct{ field, text string }

func (e *fieldError) Error() string { return e.field + ": " + e.text }
func (e *fieldError) Field() string { return e.field }
