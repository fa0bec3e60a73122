/**
 * Text as agents really read and write it, without a secret in it. Each line must come through untouched: a mask in a
 * commit id or an integrity hash would make a transcript useless.
 */
export const ORDINARY = String.raw`
commit 4f1c2a9be07d5c3310aa8f7d0e11c2b3a4958677
Author: Dev <dev@example.com>
Merge: 4f1c2a9 be07d5c
index 83db48f84ec878..bf269f4a1b2c3d 100644
diff --git a/src/auth/token.ts b/src/auth/token.ts
@@ -10,7 +10,7 @@ export function secretName(token: Token): string {
-  return token.exp < Date.now();
+  return token.exp < Date.now() / 1000;
-  const apiKey = process.env.OPENAI_API_KEY;
+  const apiKey = process.env["OPENAI_API_KEY"] ?? settings.apiKey2;
HEAD is now at 4f1c2a9 Compare expiry in seconds
0123456789abcdef0123456789abcdef01234567 refs/heads/main
pick 9fceb02d0ae598e95dc970b74767f19372d61af8 Fix token refresh
550e8400-e29b-41d4-a716-446655440000
request id: 7b3f1c9e-1111-4222-8333-444455556666 took 12 ms
trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7
"resolved": "https://npm.example.com/zod/-/zod-4.6.7.tgz",
"integrity": "sha512-OcXFyTNTk/i8f+xwMqXrLIp7wDYv5vJ6S8SDsRn1DqNrlvUcK4DyR+Ab/0kDgeGmDV2xkb2hIRSHdYfB+3cFKQ==",
integrity sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==
golang.org/x/crypto v0.31.0 h1:ihbySMvVjLAeSH1IbcRTkD/iNscyz8rGzjF/E5hV6U4=
checksum = "c5e1a9a646d36c3599cd173a41282daf47c44583ad367b8e6837255952e5c67b"
sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty.txt
FROM node:24@sha256:2a0b6d1b4d6c9f0f9b0e0b1a2c3d4e5f60718293a4b5c6d7e8f90112233445566
/home/dev/.config/opencode/opencode.json
/home/dev/projects/secret-santa/src/tokens/access_token.py:12: in refresh_token
C:\Users\dev\AppData\Roaming\npm\node_modules\token-store\index.js
~/.ssh/id_ed25519.pub and ./certs/private-key.pem and ../secrets/api_key.txt
GOOGLE_APPLICATION_CREDENTIALS=/home/dev/keys/service-account.json
SSH_AUTH_SOCK=/tmp/ssh-XXXXXXabcdef/agent.1234
API_KEY_FILE=/run/secrets/api_key
TOKEN_PATH=./token.json
PWD=/home/dev/projects/alpha
OLDPWD=/home/dev
XAUTHORITY=/run/user/1000/gdm/Xauthority
TOKENIZERS_PARALLELISM=false
MAX_TOKENS=4096
TOKEN_LIMIT=200000
export API_KEY=$OPENAI_API_KEY
export GITHUB_TOKEN=$(gh auth token)
API_KEY=\${API_KEY:-}
SECRET_KEY=<your-secret-key>
OPENAI_API_KEY=your-api-key-here
PASSWORD=********
const token = await getToken();
const token = tokens[index + 1];
const apiKey = config.apiKey;
const secret = crypto.randomBytes(32).toString("hex");
let password: string;
password: string;
apiKey?: string | undefined;
token: Token,
  token: accessToken
  password: hashedPassword
  secret: resolveSecret(name),
type Props = { token: string; password: string; apiKey: string };
function login(password = defaultPassword, token = null) {}
client = OpenAI(api_key=api_key, token=token, password=settings.DB_PASSWORD)
login(password=password2, api_key=config["api_key"])
"token": "identifier",
{"token": "access_token", "type": "password"}
"password": "Password",
"password": { "type": "string", "minLength": 8 }
"tokenType": "bearer", "token_endpoint": "https://auth.example.com/oauth2/token"
"nextPageToken": "CAUQAA1234567890abcdef"
<input type="password" name="password" placeholder="Enter your password">
<label htmlFor="password">Password:</label>
token: the thing that the lexer returns
Password: must contain at least 8 characters
The secret: write tests first.
Bearer authentication is described in RFC 6750; a Bearer token is opaque.
Basic auth is not enough, use Basic authentication over TLS.
Authorization: Bearer \${token}
headers: { Authorization: "Bearer " + token }
"Authorization": \`Bearer \${apiKey}\`
-H "Authorization: Bearer $TOKEN"
Authorization: Bearer <token>
https://example.com:8080/path?query=value#fragment
http://localhost:4873/@scope/package
https://user@example.com/repo.git
git@github.com:acme/alpha.git
ssh://git@github.com:22/acme/alpha.git
postgres://localhost:5432/shop
postgres://user:\${DB_PASSWORD}@localhost/shop
mailto:someone@example.com
see https://medium.com/@someone/an-article-4f1c2a9be07d
//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbImEudHMiXSwibmFtZXMiOltdLCJtYXBwaW5ncyI6IkFBQUEifQ==
data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
sk-learn is a library, and scikit-learn-contrib-projects too
sk-cube-grid sk-folding-cube and .sk-loading-indicator-container
task-runner-with-a-very-long-name risk-assessment-2025-report-final
os_name, os_release and os.environ; os_version_information_is_here
ghp_ is the prefix of a GitHub token, glpat- of a GitLab one
msg_1fb9398b5001WqWaCJ9jqJUPkA ses_7f4a1c9b2e01abcDEFghiJKLmn prt_1fb9398b5002XyZ
toolu_01A09q90qw90lq917835lq9 call_abc123DEF456ghi789JKL
chatcmpl-9abcDEF012ghiJKL345mnoPQR678
arn:aws:iam::123456789012:role/my-role-name
i-0abcd1234efgh5678 vpc-0a1b2c3d4e5f67890
2026-11-25T14:17:43.123Z INFO  auth: token refreshed in 12ms for user 42
[14:17:43] session=ses_7f4a1c9b tokens=1234 cost=0.0123
   3: export const SECRET_NAMES = ["token", "password", "apiKey"];
key: value
key-value-store-with-long-name: enabled
cacheKey: "user:42:profile:v2"
storageKey: "theme-preferences-v2"
queryKey: ["token", 123]
sort_key = "created_at_2024"
publicKey: "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
-----BEGIN CERTIFICATE-----
MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ
-----END CERTIFICATE-----
-----BEGIN PUBLIC KEY-----
const begin = "-----BEGIN OPENSSH PRIVATE KEY-----\\n";
if (/-----BEGIN RSA PRIVATE KEY-----([\\s\\S]+?)-----END RSA PRIVATE KEY-----/.test(text)) return;
nextLastSignificantToken = "?NonExpressionParenKeyword";
autocomplete = { NewPassword: "new-password", CurrentPassword: "current-password" };
const REFERENCES_KEY = "__SEROVAL_REFS__";
Object.assign({},t.headers,{Authorization:this.authStore.token})),this.enableAutoCancellation&&null!==t.requestKey
new URL("https://a:b@example.com")
os_availableparallelism os_getnetworkinterfaces
SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
        self.passwd = password_mgr
        self.key_password = key_password
The --username and --password options take a value
perldoc -u Some::Modulename
docker run -u www-data:www-data image
.. _RFC6749#Authorization: https://tools.ietf.org/html/rfc6749#section-3.1
const scenario = (name: string, authorization: string | undefined, contains: string[]): ApiScenario => ({
    backend: "Backend", private_key: "_EllipticCurvePrivateKey"
for(;;);i.token=function(r,m){return r}
UNRESERVED_PAT = r"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
if (token === "") return; while (token != null) token = token.next;
token := lexer.Next()
for token in tokens: print(token.text)
assert response.token == expected_token
grep -rn "password" src --include=*.ts | head -20
curl -u "$USER:$PASSWORD" https://example.com
docker run -e API_KEY -e PASSWORD="$PASSWORD" image
npm ERR! code E401
npx create-app --password-policy strict --token-ttl 3600
[[reason:First the folder]][[tool:bash {"command":"ls","description":"List the folder"}]]
class SecretManager: def get_secret(self, secret_name: str = "default") -> str: ...
var tokenSource = new CancellationTokenSource();
public string Password { get; set; } = string.Empty;
if err := validateToken(token); err != nil { return err }
auth: { type: "oauth2", flow: "authorization_code" }
AWS_REGION=eu-central-1
NODE_ENV=production
DATABASE_URL=postgres://localhost/shop
`
  .trim()
  .split("\n")
  .map((line) => line.replaceAll("\\${", "${").replaceAll("\\`", "`"));
