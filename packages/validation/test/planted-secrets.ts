/** Characters that look drawn at random, the same at every call; no secret stands in the repository as a literal. */
export function chars(
  count: number,
  alphabet = 'aZ3kQ9mXw7Lp2RtV8yNc5HbJ4sGd6F',
  seed = 7,
): string {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[Math.floor(state / 65_536) % alphabet.length];
  }).join('');
}

const hex = (count: number, seed?: number) => chars(count, '9f3a7c1e5b8d2604', seed);
const upper = (count: number) => chars(count, 'Q7ZK3MX9WPR2TVY8');
const digits = (count: number) => chars(count, '8305927146');
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One secret of each kind, in a line as it might stand in a document. */
export const planted: readonly (readonly [kind: string, line: string])[] = [
  ['AWS access key id', `key: ${'AK' + 'IA'}${upper(16)}`],
  ['AWS secret access key', `aws_secret_access_key = ${chars(40)}`],
  ['GitHub personal access token', `${'gh' + 'p_'}${chars(36)}`],
  ['GitHub fine-grained token', `${'github' + '_pat_'}${chars(82)}`],
  ['GitHub server token', `${'gh' + 's_'}${chars(36)}`],
  ['GitLab personal access token', `${'gl' + 'pat-'}${chars(20)}`],
  ['Slack bot token', `${'xo' + 'xb-'}${digits(12)}-${digits(12)}-${chars(24)}`],
  ['Slack webhook', `https://hooks.${'slack.com'}/services/T${upper(9)}/B${upper(9)}/${chars(24)}`],
  ['Stripe live key', `${'sk_' + 'live_'}${chars(24)}`],
  ['Google API key', `${'AI' + 'za'}${chars(35)}`],
  ['Google OAuth client secret', `${'GOC' + 'SPX-'}${chars(28)}`],
  [
    'PEM private key',
    `${'-----BEGIN RSA ' + 'PRIVATE KEY-----'}\nMIIEow${chars(58)}\n${chars(64)}\n${chars(64)}\n${'-----END RSA ' + 'PRIVATE KEY-----'}`,
  ],
  [
    'service account file',
    `"private_key": "${'-----BEGIN ' + 'PRIVATE KEY-----'}\\nMIIEvQ${chars(58)}\\n${chars(64)}\\n${'-----END ' + 'PRIVATE KEY-----'}\\n"`,
  ],
  ['npm token', `${'np' + 'm_'}${chars(36)}`],
  ['npm registry line', `//registry.example.org/:${'_auth' + 'Token'}=${hex(36)}`],
  ['PyPI token', `${'py' + 'pi-AgEIcHlwaS5vcmc'}${chars(80)}`],
  ['OpenAI key', `${'sk-'}${chars(20)}${'T3Blbk' + 'FJ'}${chars(20)}`],
  ['Anthropic key', `${'sk-' + 'ant-api03-'}${chars(93)}AA`],
  ['SendGrid key', `${'S' + 'G.'}${chars(22)}.${chars(43)}`],
  ['Twilio key', `${'S' + 'K'}${hex(32)}`],
  ['Mailgun key', `${'ke' + 'y-'}${hex(32)}`],
  ['Mailchimp key', `${hex(32)}${'-u' + 's14'}`],
  [
    'Azure storage key',
    `DefaultEndpointsProtocol=https;AccountName=store;${'Account' + 'Key'}=${chars(86)}==;`,
  ],
  ['Azure client secret', `${chars(3)}${'8' + 'Q~'}${chars(34)}`],
  ['DigitalOcean token', `${'dop' + '_v1_'}${hex(64)}`],
  ['Databricks token', `${'da' + 'pi'}${hex(32)}`],
  ['Vault token', `${'hv' + 's.'}${chars(95)}`],
  ['Terraform Cloud token', `${chars(14)}${'.atlas' + 'v1.'}${chars(67)}`],
  ['Telegram bot token', `${digits(9)}${':A' + 'A'}${chars(33)}`],
  ['Discord webhook', `https://discord.com${'/api/web' + 'hooks/'}${digits(18)}/${chars(68)}`],
  ['Shopify token', `${'shp' + 'at_'}${hex(32)}`],
  ['Docker Hub token', `${'dckr' + '_pat_'}${chars(27)}`],
  ['Hugging Face token', `${'h' + 'f_'}${chars(34, 'aZkQmXwLpRtVyNcHbJsGdF')}`],
  ['Linear key', `${'lin' + '_api_'}${chars(40)}`],
  ['Grafana service account token', `${'gl' + 'sa_'}${chars(32)}_${hex(8)}`],
  ['Atlassian token', `${'ATA' + 'TT3x'}${chars(120)}`],
  ['New Relic key', `${'NR' + 'AK-'}${upper(27)}`],
  ['Datadog key', `DD_API_KEY=${hex(32)}`],
  ['Sentry token', `${'snt' + 'rys_'}${chars(120)}`],
  ['Square token', `${'sq0' + 'atp-'}${chars(22)}`],
  ['PlanetScale token', `${'pscale' + '_tkn_'}${chars(43)}`],
  ['Postman key', `${'PM' + 'AK-'}${hex(24)}-${hex(34)}`],
  ['age key', `${'AGE-SECRET' + '-KEY-1'}${chars(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`],
  [
    'JSON Web Token',
    `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ sub: digits(9), name: chars(9) })}.${chars(43)}`,
  ],
  ['basic-auth URL', `https://deploy:${chars(16)}@git.acme.io/repo.git`],
  ['PostgreSQL URL', `postgres://app:${chars(16)}@db.acme.io:5432/app`],
  ['MongoDB URL', `mongodb+srv://app:${chars(16)}@cluster0.acme.io/db`],
  ['Redis URL', `redis://:${chars(20)}@cache.acme.io:6379/0`],
  ['password in an assignment', `password: "${chars(20)}"`],
  ['token in an assignment', `const api_key = '${chars(32)}';`],
  ['Authorization header', `Authorization: Bearer ${chars(40)}`],
  ['Netlify token', `${'nf' + 'p_'}${chars(40)}`],
  ['Supabase token', `${'sb' + 'p_'}${hex(40)}`],
  ['Sonar token', `${'sq' + 'u_'}${hex(40)}`],
  ['CircleCI token', `${'CCI' + 'PAT_'}${chars(22)}_${hex(40)}`],
  ['Bitbucket app password', `${'AT' + 'BB'}${chars(32)}`],
  ['Dynatrace token', `${'dt0' + 'c01.'}${upper(24)}.${upper(64)}`],
  ['Buildkite token', `${'bk' + 'ua_'}${hex(40)}`],
  ['Replicate token', `${'r' + '8_'}${chars(37)}`],
  ['Perplexity key', `${'pp' + 'lx-'}${chars(48)}`],
  ['Brevo key', `${'xkey' + 'sib-'}${hex(64)}-${chars(16)}`],
  ['Stripe webhook secret', `${'wh' + 'sec_'}${chars(32)}`],
  ['Slack app token', `${'xa' + 'pp-'}1-A${upper(9)}-${digits(12)}-${hex(64)}`],
  ['EasyPost key', `${'EZ' + 'AK'}${chars(54)}`],
  ['Firebase server key', `AAAA${chars(7)}${':APA' + '91b'}${chars(140)}`],
  ['JDBC URL', `jdbc:mysql://db.acme.io/app?user=app&password=${chars(14)}`],
  [
    'SQL Server connection string',
    `Server=db.acme.io;Database=app;User Id=app;Password=${chars(14)};`,
  ],
  [
    'registry credentials',
    `{"auths": {"cr.acme.io": {"auth": "${base64(`robot:${chars(18)}`)}"}}}`,
  ],
  ['password on a command line', `curl -u deploy:${chars(14)} https://acme.io/upload`],
  ['netrc line', `machine git.acme.io login deploy password ${chars(16)}`],
  ['password element', `<password>${chars(16)}</password>`],
  [
    'Kubernetes Secret',
    `kind: Secret\nmetadata:\n  name: app\ndata:\n  pw: ${base64(`${chars(14)}!A1`)}`,
  ],
  [
    'Kubernetes Secret by kubectl',
    `apiVersion: v1\ndata:\n  pw: ${base64(`${chars(14)}!A1`)}\nkind: Secret\n`,
  ],
  ['Basic authorization', `Authorization: Basic ${base64(`deploy:${chars(16)}`)}`],
  ['unquoted password', `DB_PASSWORD=${chars(14)}`],
  ['unquoted password with signs', `db_password: ${chars(10)}!${chars(4)}`],
  ['unquoted token', `api_token: ${chars(32)}`],
  ['unquoted key in properties', `app.secret.key=${hex(40)}`],
  ['password option', `deploy --password ${chars(14)}`],
  ['password in an image', `ENV DB_PASSWORD ${chars(14)}`],
  ['AMQP URL', `amqp://app:${chars(16)}@mq.acme.io:5672/`],
  ['AWS credentials file', `aws_secret_access_key=${chars(40)}`],
];

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Where a secret stands, by kind of file: the path, and the text around the line that holds it. */
export const carriers: readonly (readonly [
  kind: string,
  path: string,
  put: (line: string) => string,
])[] = [
  ['prose', 'a.md', (line) => `# Title\n\nSome text, ${line}\n\nmore\n`],
  ['a block of code', 'a.md', (line) => `# Title\n\n\`\`\`\n${line}\n\`\`\`\n`],
  ['a span of code', 'a.md', (line) => (line.includes('\n') ? line : `See \`${line}\` there.\n`)],
  ['a list', 'a.md', (line) => `- one\n- ${line.replaceAll('\n', '\n  ')}\n`],
  ['an .env file', '.env', (line) => `A=1\n${line}\nB=2\n`],
  ['YAML', 'a.yaml', (line) => `a: 1\n---\n${line}\n---\nb: 2\n`],
  ['an ini file', 'a.ini', (line) => `[main]\r\n${line.replaceAll('\n', '\r\n')}\r\n`],
  ['properties', 'a.properties', (line) => `a=1\n${line}\nb=2`],
  ['a script', 'a.sh', (line) => `#!/bin/sh\nset -e\n${line}\n`],
  ['a comment', 'a.toml', (line) => line.replace(/^/gm, '# ')],
];

/** How a password is assigned, by kind of file. */
export const assignments: readonly (readonly [path: string, assign: (value: string) => string])[] =
  [
    ['.env', (value) => `DB_PASSWORD=${value}`],
    ['.env', (value) => `DB_PASSWORD="${value}"`],
    ['a.sh', (value) => `export DB_PASSWORD='${value}'`],
    ['a.sh', (value) => `PGPASSWORD=${value} psql`],
    ['a.sh', (value) => `deploy --db-password=${value} --force`],
    ['a.sh', (value) => `deploy --db-password ${value}`],
    ['a.yaml', (value) => `password: ${value}`],
    ['a.yaml', (value) => `db:\n  dbPassword: "${value}" # the old one`],
    ['compose.yaml', (value) => `environment:\n  - DB_PASSWORD=${value}`],
    ['a.ini', (value) => `password = ${value}`],
    ['a.properties', (value) => `spring.datasource.password=${value}`],
    ['a.properties', (value) => `spring.datasource.password: ${value}`],
    ['a.json', (value) => `{"password": "${value}"}`],
    ['a.json', (value) => `{"env": {"DB_PASSWORD":"${value}"}}`],
    ['a.toml', (value) => `password = "${value}"`],
    ['a.xml', (value) => `<db><password>${value}</password></db>`],
    ['a.xml', (value) => `<ns:dbPassword type="x">${value}</ns:dbPassword>`],
    ['Dockerfile', (value) => `ENV DB_PASSWORD=${value}`],
    ['Dockerfile', (value) => `ENV DB_PASSWORD ${value}`],
    ['a.tf', (value) => `  password = "${value}"`],
    ['a.py', (value) => `password = '${value}'`],
    ['a.js', (value) => `const config = { password: \`${value}\` };`],
    ['a.rb', (value) => `:password => "${value}"`],
    ['a.go', (value) => `password := "${value}"`],
    ['a.md', (value) => `| password | \`password: ${value}\` |`],
  ];

/** Passwords as people choose them and as machines draw them. */
export const passwords: readonly string[] = [
  chars(14),
  chars(20),
  `${chars(6)}!${chars(4)}#9`,
  ['Wint', 'er2024', '!Berlin'].join(''),
  ['Tr0ub4', 'dor&3x'].join(''),
  ['k7', 'Qp', '-', '9zT', 'x_2m'].join(''),
];
