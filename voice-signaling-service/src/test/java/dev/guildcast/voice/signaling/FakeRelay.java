package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.media.MediaLink;
import dev.guildcast.voice.media.MediaOutcome;
import dev.guildcast.voice.media.MediaServer;
import dev.guildcast.voice.media.MediaServers;
import dev.guildcast.voice.v1.HeldRoom;
import dev.guildcast.voice.v1.MediaOrder;
import dev.guildcast.voice.v1.MediaOrder.OrderCase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A voice server that answers at once, as long as the test lets it.
final class FakeRelay implements MediaLink {
    static final String GATEWAY = "gateway.example:443";

    final List<MediaOrder> orders = new ArrayList<>();
    private final MediaServers servers;
    private final String id;
    MediaOutcome outcome = MediaOutcome.DONE;
    boolean frozen;
    String ended = "";

    FakeRelay(MediaServers servers, String id) {
        this.servers = servers;
        this.id = id;
    }

    FakeRelay register(long processId, HeldRoom... rooms) {
        var server = new VoiceServer(id, "local", GATEWAY, VoiceFixture.KEY, true);
        servers.onHello(new MediaServer(server, "192.0.2.7", 20_000, processId, 100), this, List.of(rooms));
        servers.onLoad(id, this, 0.1, false);
        return this;
    }

    void load(double load, boolean draining) {
        servers.onLoad(id, this, load, draining);
    }

    void breakLink() {
        servers.onLinkEnded(id, this);
    }

    @Override
    public void send(MediaOrder order) {
        if (!order.hasPing()) {
            orders.add(order);
        }
        if (frozen) {
            return;
        }
        if (order.hasPing()) {
            servers.onPulse(id, this, order.getPing().getNonce());
        } else {
            servers.onResult(id, this, order.getOrderId(), outcome);
        }
    }

    @Override
    public void end(String reason) {
        ended = reason;
    }

    Stream<MediaOrder> of(OrderCase kind) {
        return orders.stream().filter(order -> order.getOrderCase() == kind);
    }

    List<OrderCase> kinds() {
        return orders.stream().map(MediaOrder::getOrderCase).toList();
    }
}
