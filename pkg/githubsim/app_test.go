package githubsim_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

func newKey(t *testing.T) (*rsa.PrivateKey, *githubsim.App) {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	ok(t, err)
	return k, &githubsim.App{ID: 7, InstallationID: 70, PublicKey: &k.PublicKey}
}

// signed makes a JWT as an app does.
func signed(t *testing.T, k *rsa.PrivateKey) string {
	t.Helper()
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + enc.EncodeToString([]byte(`{"iss":"7"}`))
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
	ok(t, err)
	return text + "." + enc.EncodeToString(sig)
}
