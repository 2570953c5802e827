"""What pages need beyond an answer: controls, panels, pictures."""
