package dev.guildcast.suite.local;

import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.status.SuiteFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/// The certificate with which the voice gateway of a suite speaks TLS: client libraries connect by `wss://` alone.
///
/// It is its own authority, for 127.0.0.1 and localhost; clients that are told to trust the file beside it accept it.
final class VoiceCertificate {
    private static final String ALIAS = "voice-gateway";
    private static final String VALID_DAYS = "3650";
    private static final int PEM_LINE = 64;

    /// The tool takes half a second; longer than this it has not started at all.
    private static final long WITHIN_SECONDS = 60;

    private VoiceCertificate() {}

    /// Makes one unless the folder has one.
    ///
    /// @throws IllegalStateException if it cannot be made; the message is for the user
    static void ensure(SuiteFolder folder) throws IOException {
        if (Files.exists(folder.voiceKeyStore()) && Files.exists(folder.voiceCertificate())) {
            return;
        }
        Files.createDirectories(folder.home());
        Files.deleteIfExists(folder.voiceKeyStore());
        generate(folder.voiceKeyStore());
        if (Files.getFileStore(folder.voiceKeyStore()).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(folder.voiceKeyStore(), PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(folder.voiceCertificate(), pem(folder.voiceKeyStore()));
    }

    private static void generate(Path keyStore) throws IOException {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        var process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=Guildcast development",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-ext",
                        "bc=ca:true",
                        "-validity",
                        VALID_DAYS,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keyStore.toString(),
                        "-storepass",
                        SuitePlan.VOICE_KEY_STORE_PASSWORD)
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(
                        "the certificate of the voice gateway cannot be made: " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the certificate of the voice gateway was made", e);
        } finally {
            process.destroy();
        }
    }

    private static String pem(Path keyStore) throws IOException {
        try {
            var store = KeyStore.getInstance(keyStore.toFile(), SuitePlan.VOICE_KEY_STORE_PASSWORD.toCharArray());
            var encoder = Base64.getMimeEncoder(PEM_LINE, "\n".getBytes(StandardCharsets.US_ASCII));
            return "-----BEGIN CERTIFICATE-----\n"
                    + encoder.encodeToString(store.getCertificate(ALIAS).getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate of the voice gateway cannot be read: " + keyStore, e);
        }
    }
}
