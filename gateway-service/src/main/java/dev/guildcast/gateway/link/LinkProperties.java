package dev.guildcast.gateway.link;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// The streams to session hosts, and how sessions are attached to them. One component for each key.
/// The default credit is the size of the largest dispatch; a host may overdraw it by one batch.
///
/// @param hosts host:port of session hosts, shard `i` at entry `i` modulo their number; set it only where there is no
///     coordinator
/// @param credit bytes of dispatches that one host may send ahead of this gateway's event loops; more tolerates longer
///     pauses of them, and is the memory that a burst of one host can take
/// @param ownerlessMax how long a connection waits for an owner of its session: a longer time tolerates slower
///     failovers, a shorter one makes clients reconnect sooner. It is also the timeout of an Identify or Resume
/// @param reconnectSpread clients whose session has no owner are asked to reconnect over this time, so that they do not
///     all return at once; longer spreads the load, and leaves some of them without events for longer
/// @param retryMin first delay before a request to a host is retried. The default is small against the time that a
///     shard takes to move, some hundred milliseconds
/// @param retryMax longest delay before a request to a host is retried; a longer one spares a busy host, a shorter one
///     finds the new owner sooner. With the default a connection asks ten times or more within `ownerless-max`
/// @param askAgain a request that a host has not answered is sent again after this time: a shorter one makes up for a
///     lost request sooner, a longer one sends fewer repeats to a slow host. With the default a request is sent three
///     times or more within `ownerless-max`
/// @param unsentMax messages that may wait while a host does not read; above it the stream is cancelled and opened
///     again. More tolerates a longer pause of the host and takes more memory during it. The default holds one message
///     of each connection of a full gateway (`gateway.connections.max`), as after a change of owner
/// @param commandsMax unacknowledged commands of one connection; the next one closes it with 4008. The default covers
///     what a client may send in two windows of `gateway.command.limit`, and so outlasts a change of owner. A user's
///     request for the members of several guilds counts once for each
/// @param keepAlive how often an idle connection is probed by HTTP/2; zero leaves it to TCP. Pings notice a lost path
///     sooner; this closes connections that no stream uses. gRPC permits no less than 10 s, and hosts must permit it
/// @param pingInterval how often a ping is sent on each stream: shorter notices the loss of a path sooner, longer
///     spares hosts with thousands of gateways. A ping and its answers take about 30 bytes for each session shard
/// @param deadAfter a stream on which nothing has arrived for so long is given up and opened again on a new connection,
///     and so is an attempt to open one after half of it. The default lets two pings be late or lost, as on a busy
///     machine, and is noticed within 4 s. At least twice `ping-interval`
/// @param pongMax a stream on which messages still arrive, but no answer to a ping that was sent within this time, is
///     given up as well: the host may have detached its sessions. The default lets a path of 100 KB/s deliver what may
///     be queued ahead of an answer. At least `dead-after`
/// @param unreachableMax within this time after its host has gone silent a live connection has attached again, by a new
///     connection or at a new owner, or its client is asked to reconnect, at a random moment of the second half, so
///     that they do not all return at once. The default and that of `dead-after` end every silence within 8 s. While
///     the owner answers but is not ready, or its process has ended, `ownerless-max` applies instead
@ConfigurationProperties("gateway.link")
record LinkProperties(
        @DefaultValue List<String> hosts,
        @DefaultValue("8MB") DataSize credit,
        @DefaultValue("10s") Duration ownerlessMax,
        @DefaultValue("3s") Duration reconnectSpread,
        @DefaultValue("50ms") Duration retryMin,
        @DefaultValue("1s") Duration retryMax,
        @DefaultValue("3s") Duration askAgain,
        @DefaultValue("65536") int unsentMax,
        @DefaultValue("256") int commandsMax,
        @DefaultValue("10s") Duration keepAlive,
        @DefaultValue("1s") Duration pingInterval,
        @DefaultValue("3500ms") Duration deadAfter,
        @DefaultValue("15s") Duration pongMax,
        @DefaultValue("4s") Duration unreachableMax) {
    /// Deadlines are checked, and tasks run, at most so much late, unless the process is paused.
    private static final Duration LATENESS_MAX = Duration.ofSeconds(1);

    LinkProperties {
        if (retryMin.isNegative() || retryMin.isZero() || retryMax.compareTo(retryMin) < 0) {
            throw new IllegalArgumentException("gateway.link.retry-max is " + retryMax
                    + " (expected: at least gateway.link.retry-min, which is " + retryMin + ", above zero)");
        }
        if (ownerlessMax.compareTo(retryMax) < 0) {
            throw new IllegalArgumentException("gateway.link.ownerless-max is " + ownerlessMax
                    + " (expected: at least gateway.link.retry-max, which is " + retryMax + ")");
        }
        if (credit.toBytes() < 1024 * 1024) {
            throw new IllegalArgumentException(
                    "gateway.link.credit is " + credit.toBytes() + " bytes (expected: at least 1 MB)");
        }
        if (pingInterval.toMillis() < 1 || deadAfter.compareTo(pingInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("gateway.link.dead-after is " + deadAfter
                    + " (expected: at least twice gateway.link.ping-interval, which is " + pingInterval
                    + ", at least 1 ms)");
        }
        if (pongMax.compareTo(deadAfter) < 0) {
            throw new IllegalArgumentException("gateway.link.pong-max is " + pongMax
                    + " (expected: at least gateway.link.dead-after, which is " + deadAfter + ")");
        }
        if (unreachableMax.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "gateway.link.unreachable-max is " + unreachableMax + " (expected: at least 1 ms)");
        }
        if (unsentMax < 1 || commandsMax < 1) {
            throw new IllegalArgumentException("gateway.link.unsent-max is " + unsentMax + " and commands-max "
                    + commandsMax + " (expected: both at least 1)");
        }
    }

    /// How long an attempt to open a stream may take, the first time.
    Duration connectWithin() {
        return deadAfter.dividedBy(2);
    }

    /// The longest time from the last ping of a stream that was answered until each of its connections has attached
    /// again or has been asked to reconnect.
    Duration hold() {
        return pongMax.plus(ownerlessMax).plus(reconnectSpread).plus(LATENESS_MAX);
    }
}
