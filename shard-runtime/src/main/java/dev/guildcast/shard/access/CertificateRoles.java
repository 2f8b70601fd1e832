package dev.guildcast.shard.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The roles that certificates name: a certificate's only URI among its subject's alternative names (SAN) is the prefix
/// of the installation and a role, such as `spiffe://guildcast.internal/guildcast/gateway`.
///
/// @param prefix of the installation, from `spiffe://` to the slash before the role; installations whose certificates
///     come from one authority differ by it
public record CertificateRoles(String prefix) {
    /// RFC 5280: uniformResourceIdentifier.
    private static final int SAN_URI = 6;

    /// @throws IllegalArgumentException if the prefix is not `spiffe://<trust domain>/<path>/`
    public CertificateRoles {
        if (!prefix.matches("spiffe://[a-z0-9._-]+(/[a-zA-Z0-9._-]+)+/")) {
            throw new IllegalArgumentException(
                    "guildcast.internal.identity-prefix " + prefix + " (expected: spiffe://TRUST-DOMAIN/PATH/)");
        }
    }

    /// The role that a verified certificate names; empty if it names none of this installation.
    public Optional<PeerRole> roleOf(X509Certificate certificate) {
        var identities = uris(certificate);
        // As SPIFFE demands: with several, what a certificate stands for would depend on who reads it.
        if (identities.size() != 1) {
            return Optional.empty();
        }
        var identity = identities.getFirst();
        return identity.startsWith(prefix) ? PeerRole.of(identity.substring(prefix.length())) : Optional.empty();
    }

    private static List<String> uris(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException malformed) {
            return List.of();
        }
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> Integer.valueOf(SAN_URI).equals(name.getFirst()))
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }

    /// The identity of a role, as it stands in its certificate.
    public String identity(PeerRole role) {
        return prefix + role.text();
    }
}
