import { generateKeyPairSync, sign } from 'node:crypto'

export interface Certificate {
  /** PEM, self-signed. */
  readonly certificate: string
  readonly key: string
}

/** Creates a self-signed certificate for one host name (RFC 5280). */
export function createCertificate(hostName: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
  const name = sequence(der(0x31, sequence(der(0x06, [0x55, 0x04, 0x03]), der(0x0c, hostName))))
  const isAuthority = der(0x04, sequence(der(0x01, [0xff])))
  const hostNames = der(0x04, sequence(der(0x82, hostName)))
  const content = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    algorithm,
    name,
    sequence(der(0x17, '200101000000Z'), der(0x17, '491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        sequence(der(0x06, [0x55, 0x1d, 0x13]), der(0x01, [0xff]), isAuthority),
        sequence(der(0x06, [0x55, 0x1d, 0x11]), hostNames),
      ),
    ),
  )
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign('sha256', content, privateKey)]))
  const encoded = sequence(content, algorithm, signature).toString('base64')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${encoded.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function sequence(...items: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(items))
}

/** Encodes tag, length and value by the distinguished encoding rules (ITU-T X.690). */
function der(tag: number, content: Buffer | string | readonly number[]): Buffer {
  const value = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
  const size = value.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), value])
}
