package dev.guildcast.shard.access;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/// How this process proves its role to the servers that it calls, and verifies the callers of its own.
///
/// Immutable; any thread.
public final class GrpcIdentity {
    private final ChannelCredentials transport;
    private final CallCredentials credential;
    private final GrpcCallerVerifier callers;

    private <T extends CallCredentials & GrpcCallerVerifier> GrpcIdentity(ChannelCredentials transport, T proof) {
        this.transport = transport;
        this.credential = proof;
        this.callers = proof;
    }

    /// By the secret that the suite's processes share, without encryption.
    ///
    /// @param role of this process
    public static GrpcIdentity bySecret(SuiteSecret secret, PeerRole role) {
        return new GrpcIdentity(InsecureChannelCredentials.create(), new GrpcSecretHeaders(secret, role));
    }

    /// By mutual TLS: the certificate of this process names its role.
    ///
    /// @param keys of this process
    /// @param authorities that sign the certificates of the installation; must not compare host names
    public static GrpcIdentity byCertificate(KeyManager keys, TrustManager authorities, CertificateRoles roles) {
        var tls = TlsChannelCredentials.newBuilder()
                .keyManager(keys)
                .trustManager(authorities)
                .build();
        return new GrpcIdentity(tls, new GrpcCertificateIdentity(roles));
    }

    /// A channel whose calls prove this process's role. Any scheme of gRPC's, or `host:port`.
    public NettyChannelBuilder channel(String target) {
        return NettyChannelBuilder.forTarget(target, transport).intercept(callInterceptor());
    }

    /// The transport of channels that others build; with [#callInterceptor].
    public ChannelCredentials transport() {
        return transport;
    }

    /// Adds the proof to each call.
    public ClientInterceptor callInterceptor() {
        return new Proving(credential);
    }

    /// Verifies those who call this process.
    public GrpcCallerVerifier callers() {
        return callers;
    }

    private record Proving(CallCredentials credential) implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withCallCredentials(credential));
        }
    }
}
