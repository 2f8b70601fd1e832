package dev.guildcast.suite.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.suite.plan.SuitePlan;
import dev.guildcast.suite.status.SuiteFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoiceCertificateTest {
    @Test
    void makesOneForThisMachineAndKeepsIt(@TempDir Path home) throws Exception {
        var folder = new SuiteFolder(home.resolve("suite"));
        VoiceCertificate.ensure(folder);
        var store =
                KeyStore.getInstance(folder.voiceKeyStore().toFile(), SuitePlan.VOICE_KEY_STORE_PASSWORD.toCharArray());
        assertThat(store.size()).isEqualTo(1);
        try (var pem = Files.newInputStream(folder.voiceCertificate())) {
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
            assertThat(store.getCertificateAlias(certificate)).isNotNull();
            assertThat(certificate.getSubjectAlternativeNames().stream()
                            .map(name -> name.getLast().toString()))
                    .containsExactlyInAnyOrder("127.0.0.1", "localhost");
            assertThat(certificate.getBasicConstraints()).as("an authority").isNotNegative();
        }
        byte[] first = Files.readAllBytes(folder.voiceKeyStore());
        VoiceCertificate.ensure(folder);
        assertThat(Files.readAllBytes(folder.voiceKeyStore())).isEqualTo(first);
    }
}
