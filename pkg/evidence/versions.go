package evidence

import "regexp"

var (
	versionTag = regexp.MustCompile(`(?i)(^|[/_-])v?\d+\.\d+(\.\d+)*([-+.]?[0-9a-z.-]+)?$`)
	preTag     = regexp.MustCompile(`(?i)[-.]?(alpha|beta|rc|pre|preview|dev|nightly|snapshot|canary)[-.]?\d*`)
)

// IsVersion tells whether a tag names a release: v1.2.3, 2024.1, cli-v1.2, but not "latest" or "nightly-build".
func IsVersion(tag string) bool { return versionTag.MatchString(tag) }

// IsPreRelease tells whether a version is one to try out: v1.2.0-rc.1.
func IsPreRelease(tag string) bool { return preTag.MatchString(tag) }
