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
];
