import { describe, expect, test } from "vitest";
import { maskText } from "./mask-text.ts";
import { scan } from "./scan.ts";
import { ORDINARY } from "./testing/ordinary.ts";
import { PASSWORD, privateKey, random, TOKENS } from "./testing/planted.ts";

const masked = (text: string) => maskText(text, [scan]);

describe("a key or token is masked wherever it stands", () => {
  test.each(TOKENS)("%s", (name, token) => {
    const mask = `[redacted:${name}]`;
    expect(masked(`use ${token} please`)).toBe(`use ${mask} please`);
    expect(masked(token)).toBe(mask);
    expect(masked(`"${token}",`)).toBe(`"${mask}",`);
    expect(masked(`line\\n${token}\\n`)).toBe(`line\\n${mask}\\n`);
    expect(masked(`a=%22${token}%22`)).toBe(`a=%22${mask}%22`);
    expect(masked(`\u001b[32m${token}\u001b[0m`)).not.toContain(token);
    expect(masked(JSON.stringify(JSON.stringify({ output: token })))).not.toContain(token);
  });
});

test.each(ORDINARY)("ordinary text stays as it is: %s", (line) => {
  expect(masked(line)).toBe(line);
});

test("ordinary lines stay as they are together, in a listing, in a diff and inside JSON", () => {
  const forms = [
    ORDINARY.join("\n"),
    ORDINARY.map((line, index) => `${String(index + 1).padStart(5, "0")}| ${line}`).join("\n"),
    ORDINARY.map((line) => `+${line}`).join("\n"),
    JSON.stringify(ORDINARY.join("\n")),
  ];
  for (const text of forms) expect(masked(text)).toBe(text);
});

describe("a value is masked because of the name before it", () => {
  const secret = random.mixed(24);
  test.each([
    ["password", `DB_PASSWORD=${PASSWORD}`],
    ["password", `DB_PASSWORD=postgres`],
    ["key", `export OPENAI_KEY=${secret}`],
    ["key", `+API_KEY="${secret}"`],
    ["key", `   3: API_KEY='${secret}'`],
    ["key", `00012| STRIPE_API_KEY=${secret}`],
    ["token", `GITHUB_TOKEN=${secret} node deploy.js`],
    ["token", `printf 'NPM_TOKEN=${secret}\\n' > .npmrc`],
    ["secret", `docker run -e CLIENT_SECRET=${secret} image`],
    ["key", `{"apiKey": "${secret}"}`],
    ["key", `{\\"apiKey\\": \\"${secret}\\"}`],
    ["key", `{\\\\\\"apiKey\\\\\\":\\\\\\"${secret}\\\\\\"}`],
    ["key", `apiKey: '${secret}',`],
    ["key", `const apiKey: string = "${secret}";`],
    ["key", `config["api_key"] = "${secret}"`],
    ["key", `apiKey := "${secret}"`],
    ["password", `  password: ${PASSWORD}`],
    ["password", `spring.datasource.password=${PASSWORD}`],
    ["password", `password = "${PASSWORD}"`],
    ["key", `aws_secret_access_key = ${secret}/${secret}`],
    ["key", `- api_key: ${secret}`],
    ["key", `curl -H "x-api-key: ${secret}" https://example.com`],
    ["token", `https://example.com/hook?access_token=${secret}&x=1`],
    ["key", `Endpoint=sb://x.net/;SharedAccessKeyName=Root;SharedAccessKey=${secret}=`],
    ["password", `Server=db;User Id=sa;Password=${PASSWORD};Encrypt=true`],
    ["password", `mysql --password ${PASSWORD} shop`],
    ["password", `mysql --password=${PASSWORD} shop`],
    ["password", `curl -u admin:${PASSWORD} https://example.com`],
    ["token", `gh auth login --with-token ${secret}`],
    ["token", `Token: ${secret}`],
    ["credential", `//npm.example.com/:_auth=${secret}=`],
    ["token", `//npm.example.com/:_authToken=${secret}`],
  ])("%s in: %s", (kind, text) => {
    const result = masked(text);
    expect(result).toContain(`[redacted:${kind}]`);
    expect(result).not.toContain(secret);
    expect(result).not.toContain(PASSWORD);
    expect(result.match(/\[redacted:/g)).toHaveLength(1);
  });
});

describe("credentials are masked where the protocol puts them", () => {
  const secret = random.mixed(24);
  const basic = Buffer.from(`admin:${PASSWORD}`).toString("base64");
  test.each([
    [
      `postgres://app:${PASSWORD}@db.example.com:5432/shop`,
      "postgres://app:[redacted:url-password]@db.example.com:5432/shop",
    ],
    [
      `mongodb+srv://app:${PASSWORD}@c0.mongodb.net/?w=1`,
      "mongodb+srv://app:[redacted:url-password]@c0.mongodb.net/?w=1",
    ],
    [`redis://:${PASSWORD}@cache:6379/0`, "redis://:[redacted:url-password]@cache:6379/0"],
    [`postgres:\\/\\/app:${PASSWORD}@db\\/shop`, "postgres:\\/\\/app:[redacted:url-password]@db\\/shop"],
    [`amqp://u:pa/ss#${PASSWORD}@mq/`, "amqp://u:[redacted:url-password]@mq/"],
    [`https://${secret}@github.com/acme/alpha.git`, "https://[redacted:url-password]@github.com/acme/alpha.git"],
    [`https://hooks.slack.com/services/T000/B000/${secret}`, "https://hooks.slack.com/services/[redacted:webhook]"],
    [`Authorization: Bearer ${secret}`, "Authorization: Bearer [redacted:authorization]"],
    [`"authorization": "Token ${secret}"`, '"authorization": "Token [redacted:authorization]"'],
    [`> Authorization: Basic ${basic}`, "> Authorization: Basic [redacted:authorization]"],
    [`curl -H 'Authorization: ${secret}' x`, "curl -H 'Authorization: [redacted:authorization]' x"],
    [`proxy said Bearer ${secret}.`, "proxy said Bearer [redacted:bearer-credentials]"],
    [`sent Basic ${basic} twice`, "sent Basic [redacted:basic-credentials] twice"],
    [`Cookie: sid=${secret}; theme=dark\nHost: x`, "Cookie: [redacted:cookie]\nHost: x"],
  ])("%s", (text, expected) => {
    expect(masked(text)).toBe(expected);
  });
});

describe("a private key is masked as a whole", () => {
  test.each([
    "RSA PRIVATE KEY",
    "PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "PGP PRIVATE KEY BLOCK",
  ])("%s", (label) => {
    const key = privateKey(label);
    expect(masked(`a\n${key}\nb`)).toBe("a\n[redacted:private-key]\nb");
    expect(masked(JSON.stringify({ key: key }))).toBe('{"key":"[redacted:private-key]"}');
    const listed = key.split("\n").map((line, index) => `${index + 1}: ${line}`);
    expect(masked(listed.join("\n"))).toBe("1: [redacted:private-key]");
  });

  test("one whose end was cut off, and only that", () => {
    const key = privateKey("RSA PRIVATE KEY").split("\n").slice(0, 3);
    expect(masked(`${key.join("\n")}\nThe end is missing.`)).toBe("[redacted:private-key]\nThe end is missing.");
    const certificate = "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----";
    expect(masked(`${key.join("\n")}\n\nsee also\n${certificate}`)).toBe(
      `[redacted:private-key]\nsee also\n${certificate}`,
    );
  });
});
