;;; plan_to_complete.el --- From a Python file to the completed session  -*- lexical-binding: t; -*-

(load (getenv "ORCH_E2E_DRIVER") nil t)

(defconst answers (plist-get t-given :answers))

;; plan: from a buffer that has nothing to do with Orch; the session opens, its prompt is on the kill ring
(find-file "shop/cart.py")
(setq t-replies '(("What do you want?" . "Add user authentication") ("kind of change" . "feature")))
(call-interactively #'orch-plan)
(t-heard "the prompt is on the kill ring. Give it")
(t-equal major-mode 'orch-mode "the session's mode")
(unless (string-match-p "Add user authentication" (current-kill 0 t))
  (error "The kill ring does not hold the prompt"))
(t-manage)

;; the prompt itself is no answer: refused in plain words, and nothing changes
(defconst before (buffer-string))
(t-refused "That is the prompt" (lambda () (call-interactively #'orch-answer)))
(t-equal (buffer-string) before "the session after a refusal")

;; diagnostics while typing, at their place, and gone when mended
(t-wait "a session without diagnostics" (lambda () (null (t-codes))))
(goto-char (point-min))
(search-forward "\"planning\"")
(replace-match "\"plannin\"")
(t-tell)
(t-wait "a diagnostic" #'t-codes)
(let ((found (car (flymake-diagnostics))))
  (t-equal (buffer-substring-no-properties (flymake-diagnostic-beg found) (flymake-diagnostic-end found))
           "\"plannin\"" "what the diagnostic marks"))
(primitive-undo 1 buffer-undo-list)
(t-equal (buffer-string) before "the session after the undo")
(t-tell)
(t-wait "the diagnostic to go" (lambda () (null (t-codes))))
(save-buffer)

;; the answer from a file: one edit, saved
(setq t-replies `(("The answer is in" . ,(plist-get answers :planning))))
(let ((current-prefix-arg '(4)))
  (call-interactively #'orch-answer))
(t-heard "next:")
(t-equal (buffer-modified-p) nil "whether the session is unsaved after a step")
(t-equal (t-file buffer-file-name) (buffer-string) "the file on disk")
(unless (string-match-p "^\\[analysis\\]" (buffer-string))
  (error "The analysis template is not in the session"))

;; a code action takes the next step, and one asks for the open places
(goto-char (point-min))
(t-action "Start")
(t-heard "M-x orch-fill asks for them")
(re-search-forward "^\\[analysis\\]")
(re-search-forward "^prompt = ")
(t-action "Copy prompt")
(t-heard "M-x orch-fill asks for them")
(setq t-replies '(("MODULE NAME (1 of 2)" . "shop") ("team (2 of 2)" . "two\nlines")))
(call-interactively #'orch-fill)
(t-heard "the prompt is on the kill ring. Give it")
(unless (string-match-p "Analyse shop for the team two\nlines" (current-kill 0 t))
  (error "The values are not in the prompt"))

;; the analysis from another buffer: it finds its session by itself.  What somebody has typed there meanwhile, and
;; the server does not know yet, stays: the step is worked out again
(goto-char (point-max))
(insert "\n# a remark of mine\n")
(with-temp-buffer
  (setq default-directory (plist-get t-given :project))
  (insert-file-contents (plist-get answers :analysis))
  (orch-answer (buffer-string)))
(t-heard "next:")
(orch-next)
(t-heard "the prompt is on the kill ring")

(unless (string-match-p "# a remark of mine" (buffer-string))
  (error "The remark is gone"))
(kill-new (t-file (plist-get answers :implementation)))
(call-interactively #'orch-answer)
(t-heard "next:")
(save-buffer)

;; the end, asked for
(setq t-replies '(("How did it go?" . "success") ("How good" . "4") ("remembering" . "Went well")))
(orch-next)
(t-heard "completed")
(t-equal t-replies nil "answers left over")
(dolist (part '("status = \"completed\"" "result = \"success\"" "rating = 4" "Went well"))
  (unless (string-match-p (regexp-quote part) (t-file buffer-file-name))
    (error "%s is not in the file" part)))
