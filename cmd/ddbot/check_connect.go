package main

import (
	"context"
	"regexp"
)

// fullName is OWNER/NAME.
var fullName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$`)

func (f *evidenceFlags) connect(rig *evidenceRig) error {
	rig.reads = func() int { return 0 }
	return nil
}

func (f *checkFlags) readIssue(ctx context.Context, rig *evidenceRig, text string) (string, error) {
	return rig.issue(ctx, text)
}
