package dev.guildcast.shard.access;

import dev.guildcast.shard.access.CallerVerification.Caller;
import dev.guildcast.shard.access.CallerVerification.Reason;
import dev.guildcast.shard.access.CallerVerification.Unverified;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Certificates at both ends of a call: a server learns its caller's role, and a caller sends nothing to a server whose
/// role does not serve the method.
///
/// Host names are not compared: pods are called by addresses that no certificate can name. The role takes their place,
/// so that a stolen certificate of one role cannot stand in for another.
final class GrpcCertificateIdentity extends CallCredentials implements GrpcCallerVerifier {
    private final CertificateRoles roles;

    GrpcCertificateIdentity(CertificateRoles roles) {
        this.roles = roles;
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        var method = request.getMethodDescriptor().getFullMethodName();
        var server = certificate(request.getTransportAttrs()).flatMap(roles::roleOf);
        var row = GrpcMethodRoles.row(method);
        if (server.isPresent() && row.isPresent() && row.get().servers().contains(server.get())) {
            applier.apply(new Metadata());
        } else {
            applier.fail(Status.UNAUTHENTICATED.withDescription("the server of " + method + " has "
                    + server.map(role -> "the role " + role.text()).orElse("no role of this installation")
                    + " in its certificate"));
        }
    }

    @Override
    public CallerVerification verify(Attributes transport, Metadata headers) {
        var shown = certificate(transport);
        if (shown.isEmpty()) {
            return new Unverified(Reason.NO_CERTIFICATE);
        }
        var role = roles.roleOf(shown.get());
        return role.isPresent() ? new Caller(role.get(), roles.identity(role.get())) : new Unverified(Reason.NO_ROLE);
    }

    /// The peer's certificate, which the handshake has verified.
    private static Optional<X509Certificate> certificate(Attributes transport) {
        var session = transport.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            return session != null
                            && session.getPeerCertificates().length > 0
                            && session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }
}
