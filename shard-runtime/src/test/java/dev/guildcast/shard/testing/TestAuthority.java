package dev.guildcast.shard.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// An authority for tests, which signs certificates with any URIs and host names. Writes DER itself, since the JDK has
/// no public way to make a certificate.
public final class TestAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = der(0x30, hex("06082a8648ce3d040302"));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String name;
    private final KeyPair keys = newKeys();
    private final X509Certificate certificate;
    private long serial;

    public TestAuthority(String name) {
        this.name = name;
        this.certificate = sign(name, keys.getPublic(), List.of(), List.of(), true);
    }

    /// A certificate and its key.
    public record Identity(X509Certificate certificate, PrivateKey key) {
        /// Writes `tls.crt` and `tls.key`, each in one step.
        public void writeTo(Path folder) {
            write(folder.resolve("tls.key"), pem("PRIVATE KEY", key.getEncoded()));
            write(folder.resolve("tls.crt"), pem(certificate));
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /// Writes `ca.crt`.
    public void writeTo(Path folder) {
        write(folder.resolve("ca.crt"), pem(certificate));
    }

    public Identity issue(List<String> uris, List<String> hosts) {
        var own = newKeys();
        return new Identity(sign("leaf", own.getPublic(), uris, hosts, false), own.getPrivate());
    }

    private X509Certificate sign(
            String subject, PublicKey key, List<String> uris, List<String> hosts, boolean authority) {
        var now = Instant.now();
        var extensions = new ArrayList<byte[]>();
        // basicConstraints, critical
        extensions.add(der(
                0x30, hex("0603551d13"), hex("0101ff"), der(0x04, authority ? der(0x30, hex("0101ff")) : der(0x30))));
        if (!uris.isEmpty() || !hosts.isEmpty()) {
            var names = new ArrayList<byte[]>();
            uris.forEach(uri -> names.add(der(0x86, ascii(uri))));
            hosts.forEach(host -> names.add(der(0x82, ascii(host))));
            extensions.add(der(0x30, hex("0603551d11"), der(0x04, der(0x30, names.toArray(byte[][]::new)))));
        }
        var body = der(
                0x30,
                der(0xa0, hex("020102")),
                der(0x02, BigInteger.valueOf(++serial).toByteArray()),
                ECDSA_WITH_SHA256,
                distinguishedName(name),
                der(0x30, time(now.minusSeconds(3600)), time(now.plusSeconds(86_400))),
                distinguishedName(subject),
                key.getEncoded(),
                der(0xa3, der(0x30, extensions.toArray(byte[][]::new))));
        try {
            var signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(keys.getPrivate());
            signer.update(body);
            var signature = signer.sign();
            var padded = new byte[signature.length + 1];
            System.arraycopy(signature, 0, padded, 1, signature.length);
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(der(0x30, body, ECDSA_WITH_SHA256, der(0x03, padded))));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] distinguishedName(String commonName) {
        return der(0x30, der(0x31, der(0x30, hex("0603550403"), der(0x0c, ascii(commonName)))));
    }

    private static byte[] time(Instant instant) {
        return der(0x18, ascii(TIME.format(instant)));
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] der(int tag, byte[]... contents) {
        var body = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            body.writeBytes(content);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = body.size();
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length & 0xff);
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }

    private static byte[] hex(String digits) {
        return java.util.HexFormat.of().parseHex(digits);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }

    private static void write(Path file, String content) {
        try {
            var next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
