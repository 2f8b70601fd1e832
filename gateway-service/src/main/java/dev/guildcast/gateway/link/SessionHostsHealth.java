package dev.guildcast.gateway.link;

import dev.guildcast.gateway.link.GrpcSessionClient.HostState;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Whether this gateway has a working stream to every owner of session shards; the details name those without one.
///
/// It is no part of readiness: a gateway that cannot reach one host serves the sessions of all others, and while a host
/// is down, none can reach it: to take all gateways out of service then would delay every client that comes back.
final class SessionHostsHealth implements HealthIndicator {
    private final Supplier<List<HostState>> states;

    SessionHostsHealth(Supplier<List<HostState>> states) {
        this.states = states;
    }

    @Override
    public Health health() {
        var hosts = states.get();
        boolean all = hosts.stream().allMatch(HostState::up);
        var health = all ? Health.up() : Health.outOfService();
        hosts.forEach(host -> health.withDetail(
                host.address(),
                host.up()
                        ? "stream is up, last received from " + host.silence().toMillis() + " ms ago"
                        : "no working stream, nothing received for "
                                + host.silence().toMillis() + " ms"));
        return health.build();
    }
}
