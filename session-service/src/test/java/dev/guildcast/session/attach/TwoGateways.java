package dev.guildcast.session.attach;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Close;
import java.util.ArrayList;
import java.util.List;

/// A live owner of a session shard, and two gateways that are connected to it.
abstract class TwoGateways {
    static final long OWNER = 77;
    static final long ALICE = 1001;
    static final long BOB = 1002;

    final FrontendHarness host = FrontendHarness.live();
    final FrontendHarness.Gateway gateway = host.gateway();
    final FrontendHarness.Gateway other = host.gateway();

    /// The id of a session of [#gateway], which has been sent READY and that many dispatches.
    SessionId opened(long request, long user, int dispatches) {
        gateway.open(1, request, user);
        host.deliver(host.session(request), dispatches);
        gateway.stream.take();
        return host.session(request).id();
    }

    /// The last close in the log.
    Close lastClose() {
        List<Close> closes = new ArrayList<>();
        for (long i = 0; i < host.log.end(); i++) {
            if (host.log.at(i).record().hasClose()) {
                closes.add(host.log.at(i).record().getClose());
            }
        }
        return closes.getLast();
    }
}
