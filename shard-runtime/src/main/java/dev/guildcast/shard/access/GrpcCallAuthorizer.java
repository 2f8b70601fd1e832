package dev.guildcast.shard.access;

import dev.guildcast.shard.access.CallerVerification.Caller;
import dev.guildcast.shard.access.CallerVerification.Unverified;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The only gate of a gRPC server: a call passes if its caller is verified and its role is in the method's row of
/// [GrpcMethodRoles].
///
/// - **Owner:** the server; called on any thread of it.
/// - **Bound:** no state; one counter for each combination of method, role and reason, all of which are enumerations.
/// - **Promise:** a refused call reaches no service. It ends with UNAUTHENTICATED or PERMISSION_DENIED and is counted;
///   a caller's mistake writes no line above DEBUG.
public final class GrpcCallAuthorizer implements ServerInterceptor {
    /// Who makes the call that this thread is serving.
    public static final Context.Key<Caller> CALLER = Context.key("guildcast-caller");

    private static final Logger log = LoggerFactory.getLogger(GrpcCallAuthorizer.class);
    private static final String NO_ROLE = "none";

    private final GrpcCallerVerifier verifier;
    private final MeterRegistry registry;

    public GrpcCallAuthorizer(GrpcCallerVerifier verifier, MeterRegistry registry) {
        this.verifier = verifier;
        this.registry = registry;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return switch (verifier.verify(call.getAttributes(), headers)) {
            case Unverified unverified -> {
                var reason = unverified.reason();
                yield refuse(call, Status.UNAUTHENTICATED.withDescription(reason.text()), NO_ROLE, reason.tag());
            }
            case Caller caller -> authorize(caller, call, headers, next);
        };
    }

    private <Q, A> ServerCall.Listener<Q> authorize(
            Caller caller, ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var method = call.getMethodDescriptor().getFullMethodName();
        var row = GrpcMethodRoles.row(method);
        if (row.isEmpty()) {
            return refuse(
                    call,
                    Status.PERMISSION_DENIED.withDescription(method + " may be called by nobody"),
                    caller.role().text(),
                    "no_row");
        }
        if (!row.get().callers().contains(caller.role())) {
            return refuse(
                    call,
                    Status.PERMISSION_DENIED.withDescription(method + " may not be called by the role "
                            + caller.role().text()),
                    caller.role().text(),
                    "role");
        }
        return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
    }

    private <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status, String role, String reason) {
        var method = call.getMethodDescriptor().getFullMethodName();
        registry.counter("guildcast.shard.calls.refused", "method", method, "role", role, "reason", reason)
                .increment();
        log.debug("refused {} of role {}: {}", method, role, status.getDescription());
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
