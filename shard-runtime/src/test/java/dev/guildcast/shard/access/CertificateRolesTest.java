package dev.guildcast.shard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.shard.testing.TestAuthority;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRolesTest {
    private static final CertificateRoles ROLES = new CertificateRoles("spiffe://guildcast.internal/guildcast/");
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");

    private static java.security.cert.X509Certificate certificate(String... uris) {
        return AUTHORITY.issue(List.of(uris), List.of("gateway")).certificate();
    }

    @ParameterizedTest
    @EnumSource
    void theUriOfACertificateNamesItsRole(PeerRole role) {
        assertThat(ROLES.roleOf(certificate(ROLES.identity(role)))).contains(role);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spiffe://guildcast.internal/guildcast/",
                "spiffe://guildcast.internal/guildcast/root",
                "spiffe://guildcast.internal/guildcast/GATEWAY",
                "spiffe://guildcast.internal/guildcast/gateway/",
                "spiffe://guildcast.internal/guildcast/other/gateway",
                "spiffe://guildcast.internal/other/gateway",
                "spiffe://guildcast.internal.example.org/guildcast/gateway",
                "https://guildcast.internal/guildcast/gateway"
            })
    void anotherUriNamesNone(String uri) {
        assertThat(ROLES.roleOf(certificate(uri))).isEmpty();
    }

    @Test
    void twoUrisNameNone() {
        assertThat(ROLES.roleOf(certificate(
                        ROLES.identity(PeerRole.GATEWAY), "spiffe://guildcast.internal/guildcast/operator")))
                .isEmpty();
        assertThat(ROLES.roleOf(certificate(ROLES.identity(PeerRole.GATEWAY), "spiffe://elsewhere/x")))
                .isEmpty();
    }

    @Test
    void aHostNameNamesNone() {
        assertThat(ROLES.roleOf(certificate())).isEmpty();
        assertThat(ROLES.roleOf(AUTHORITY.certificate())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "guildcast/",
                "spiffe://guildcast",
                "spiffe://guildcast/",
                "spiffe://Guild/x/",
                "spiffe://a/b"
            })
    void aPrefixThatNoCertificateCouldHaveIsRejected(String prefix) {
        assertThatThrownBy(() -> new CertificateRoles(prefix))
                .hasMessageContaining("guildcast.internal.identity-prefix");
    }
}
