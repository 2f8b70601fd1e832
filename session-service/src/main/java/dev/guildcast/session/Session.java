package dev.guildcast.session;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.session.resume.ResumeRing;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;

/// One session, as its shard's log has made it.
///
/// - **Owner:** the session's shard loop; no other thread reads or writes.
/// - **Bound:** the ring's; guilds by what the user has joined; [#wholeLists] by the guilds asked for in half a minute.
/// - **Promise:** sequences rise by one from 1.
public final class Session {
    private final SessionId id;
    private final Open open;
    private final ClientShard clientShard;
    private final ResumeRing ring;
    private final TreeSet<Long> subscribed = new TreeSet<>();
    private final TreeMap<Long, Long> wholeLists = new TreeMap<>();
    private long[] readyGuilds = {};
    private long lastAttach;
    private long attachId;
    private long command;
    private Presence presence;
    private long presenceVersion;

    /// The session that an Open record at `id.offset()` begins.
    public Session(SessionId id, Open open, ResumeRing ring) {
        this.id = id;
        this.open = open.toBuilder().clearPresence().clearNonce().build();
        this.clientShard = clientShardOf(open);
        this.ring = ring;
        this.lastAttach = id.offset();
        this.attachId = open.getAttachId();
        this.presence = open.getPresence();
        this.presenceVersion = id.offset();
    }

    /// Which guilds an Identify is for.
    public static ClientShard clientShardOf(Open open) {
        return open.hasShardId() ? new ClientShard(open.getShardId(), open.getShardCount()) : ClientShard.WHOLE;
    }

    public SessionId id() {
        return id;
    }

    /// Offset of the Open record: the session's name inside its shard.
    public long offset() {
        return id.offset();
    }

    /// What the client asked for, without nonce and presence.
    public Open open() {
        return open;
    }

    public long userId() {
        return open.getUserId();
    }

    public ClientShard clientShard() {
        return clientShard;
    }

    /// Whether the session asked for any of these intents; always, when none is needed.
    public boolean wants(long intents) {
        return intents == 0 || (open.getIntents() & intents) != 0;
    }

    /// Whether the loss of a guild is told to this session.
    public boolean seesGuild(long guildId) {
        return clientShard.holds(guildId) && wants(Intents.GUILDS);
    }

    public ResumeRing ring() {
        return ring;
    }

    /// The last sequence given; 0 before READY.
    public int sequence() {
        return ring.lastSequence();
    }

    /// The guilds that READY named, while READY can be replayed; ascending.
    public long[] readyGuilds() {
        return ring.firstSequence() <= 1 ? readyGuilds.clone() : new long[0];
    }

    public void readyGuilds(long[] guilds) {
        readyGuilds = guilds.clone();
    }

    /// Gives the next sequence to the record at `offset`, unless that record has given it one already.
    ///
    /// @param horizon references below it are forgotten
    /// @return whether a sequence was given
    public boolean number(long offset, long horizon) {
        if (ring.count() > 0 && ring.offset(ring.lastSequence()) == offset) {
            return false;
        }
        ring.forgetBelow(horizon);
        ring.append(ring.lastSequence() + 1, offset);
        if (ring.firstSequence() > 1 && readyGuilds.length > 0) {
            readyGuilds = new long[0];
        }
        return true;
    }

    /// Guilds that a Subscribe was sent for, ascending; kept when the user leaves, for the end of the session.
    public TreeSet<Long> subscribed() {
        return subscribed;
    }

    /// Offset of the last Open or Attached.
    public long lastAttach() {
        return lastAttach;
    }

    /// Whose the session is: the attach of the last Open or Attached.
    public long attachId() {
        return attachId;
    }

    /// An attach has been applied: commands are counted from 1 again if it is another one.
    public void attached(long newAttachId, long offset) {
        lastAttach = offset;
        if (attachId != newAttachId) {
            attachId = newAttachId;
            command = 0;
        }
    }

    /// Number of the last command accepted of the current attach.
    public long command() {
        return command;
    }

    /// Whether a command is the next of the current attach; if so, it counts as accepted.
    public boolean accept(long fromAttachId, long number) {
        if (fromAttachId != attachId || number != command + 1) {
            return false;
        }
        command = number;
        return true;
    }

    public Presence presence() {
        return presence;
    }

    /// Offset of the record that set the presence.
    public long presenceVersion() {
        return presenceVersion;
    }

    public void presence(Presence shown, long version) {
        presence = shown;
        presenceVersion = version;
    }

    /// Guild to append time (Unix milliseconds) of the last request for all its members that was accepted.
    public TreeMap<Long, Long> wholeLists() {
        return wholeLists;
    }

    /// Goes on from a checkpoint.
    public void restoreAttach(long newAttachId, long offset, long lastCommand) {
        attachId = newAttachId;
        lastAttach = offset;
        command = lastCommand;
    }

    @Override
    public String toString() {
        return id + " at " + ring.lastSequence() + (readyGuilds.length == 0 ? "" : " " + Arrays.toString(readyGuilds));
    }
}
