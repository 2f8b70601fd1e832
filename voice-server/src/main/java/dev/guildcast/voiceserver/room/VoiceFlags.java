package dev.guildcast.voiceserver.room;

/// What moderators and the stage have decided about a user; the relay keeps to it whatever the client sends.
///
/// @param mute its sound is not passed on
/// @param deafen it is sent no sound
/// @param suppress nothing of it is passed on: it is in the audience of a stage
public record VoiceFlags(boolean mute, boolean deafen, boolean suppress) {
    public static final VoiceFlags NONE = new VoiceFlags(false, false, false);
}
