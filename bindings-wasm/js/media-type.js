/** What a workflow makes. */
export const MediaType = Object.freeze({ IMAGE: "image", VIDEO: "video", VOICE: "voice" });

/** Where a task stands; the last three are terminal and never change again. */
export const ProcessingStatus = Object.freeze({
  PENDING: "pending",
  PROCESSING: "processing",
  COMPLETED: "completed",
  FAILED: "failed",
  CANCELLED: "cancelled",
});
